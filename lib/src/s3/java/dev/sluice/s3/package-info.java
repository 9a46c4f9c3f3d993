/// Files of an S3 bucket as a source: an optional part, which needs the AWS SDK's S3 client.
@NullMarked
package dev.sluice.s3;

import org.jspecify.annotations.NullMarked;
