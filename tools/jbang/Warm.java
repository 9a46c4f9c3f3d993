//JAVA 25+
// What the launcher lets JBang build once, to learn which of JBang's classes a start needs.
void main() {}
