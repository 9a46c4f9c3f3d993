/// For tests of pipelines, with JUnit 5: see [SluiceTest].
@NullMarked
package dev.sluice.junit;

import org.jspecify.annotations.NullMarked;
