/// Runs pipelines that were recorded from dlt and compares the results: [CaseRunner] is the way in.
///
/// It knows of the library only what a user knows. The tests run it, and so does `./jbang
/// conformance`.
package dev.sluice.conformance;
