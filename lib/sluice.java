// All that a script in this clone needs is one line: //SOURCES ../lib/sluice.java
// The library is compiled once, by sluicebuild.java; its sources are files of the script only so that JBang rebuilds the
// script when they change.
//JAVA 25+
//DEPS sluicebuild.java
//DEPS org.slf4j:slf4j-nop:2.0.17
//FILES META-INF/sluice-sources/=src/main/java/dev/sluice/**.java
// A young generation of 64 MB: of what a stage leaves behind, 40 MB less stay in memory, and no run takes longer.
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:NewSize=64m --sun-misc-unsafe-memory-access=allow
// A script that fails ends with a sentence and an exit code; the library ends no other program.
//RUNTIME_OPTIONS -Dsluice.script=true
// A script that says //CDS keeps its loaded classes in JBang's cache; the JVM would tell on stdout what it cannot keep.
//RUNTIME_OPTIONS -Xlog:cds=off -Xlog:aot=off -Xlog:cds+dynamic=off
//COMPILE_OPTIONS -proc:none -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
//MANIFEST Enable-Native-Access=ALL-UNNAMED
