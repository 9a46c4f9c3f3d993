///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Faults at every stage of a pipeline, and whether every row comes once: [--stage S] [--kind K] [--points N] [--seed X]
//SOURCES ../lib/sluice.java
//SOURCES faults/Bed.java
//SOURCES faults/Checks.java
//SOURCES faults/Child.java
//SOURCES faults/Control.java
//SOURCES faults/Damages.java
//SOURCES faults/Kind.java
//SOURCES faults/Limits.java
//SOURCES faults/Look.java
//SOURCES faults/Matrix.java
//SOURCES faults/Operations.java
//SOURCES faults/Point.java
//SOURCES faults/Profile.java
//SOURCES faults/Run.java
//SOURCES faults/SelfTest.java
//SOURCES faults/Situations.java
//SOURCES faults/Soak.java
//SOURCES faults/Trees.java
//SOURCES faults/Worker.java
//SOURCES faults/Workload.java

// Breaks a small pipeline in every way that is known, restarts it, and counts its rows; docs/faults.md says how.
void main(String... arguments) throws Exception {
  System.exit(Run.of(arguments));
}
