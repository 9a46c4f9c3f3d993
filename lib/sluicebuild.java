// The library as JBang builds it, apart from the scripts; HeaderTest holds this list of dependencies against pom.xml.
// What says @fatjar comes without its own dependencies; those that are needed are named too.
//JAVA 25+
//DEPS tools.jackson.core:jackson-databind:3.2.4
//DEPS org.tomlj:tomlj:1.1.1
//DEPS org.yaml:snakeyaml:2.7
//DEPS dev.failsafe:failsafe:3.3.2
//DEPS org.duckdb:duckdb_jdbc:2.0.0.1
//DEPS com.intel.gkl:gkl:0.8.11@fatjar
//DEPS commons-io:commons-io:2.22.0
//DEPS commons-logging:commons-logging:1.2
//DEPS org.broadinstitute:gatk-native-bindings:1.0.0
//DEPS org.xerial.snappy:snappy-java:1.1.10.8
//DEPS tech.tablesaw:tablesaw-core:0.44.4@fatjar
//DEPS it.unimi.dsi:fastutil:8.5.13
//DEPS com.google.guava:guava:33.0.0-jre@fatjar
//DEPS com.google.guava:failureaccess:1.0.2
//DEPS org.apache.commons:commons-math3:3.6.1
//DEPS org.roaringbitmap:RoaringBitmap:1.0.5
//DEPS com.univocity:univocity-parsers:2.9.1
//DEPS io.github.classgraph:classgraph:4.8.168
//DEPS org.slf4j:slf4j-api:2.0.17
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.0
//SOURCES src/main/java/dev/sluice/**.java
//COMPILE_OPTIONS --release 21 -proc:none -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
