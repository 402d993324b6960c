/**
 * Files beside the database: readable by their owner only, and locks that processes and class
 * loaders share.
 *
 * <p>What lives here: {@link io.latencystore.file.PrivateFiles} and {@link
 * io.latencystore.file.LockFile}. For dialects; may change in any version.
 *
 * <p>May import: the API.
 */
@NullMarked
package io.latencystore.file;

import org.jspecify.annotations.NullMarked;
