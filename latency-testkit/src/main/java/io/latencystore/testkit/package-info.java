/**
 * The contract that every dialect of Latency Store passes, and what it takes to test one.
 *
 * <p>What lives here: {@link io.latencystore.testkit.StoreContract} and {@link
 * io.latencystore.testkit.DurableStoreContract}, which a dialect's test implements; their facets,
 * one file each; {@link io.latencystore.testkit.FaultyDialect}, which makes a database fail where a
 * test says; {@link io.latencystore.testkit.ChaosProxy}, which does so to the network before a
 * PostgreSQL server; {@link io.latencystore.testkit.NaiveStore}, which answers as plainly as
 * possible; {@link io.latencystore.testkit.OutsideDataFacet} and {@link
 * io.latencystore.testkit.SameAnswersFacet}, which hold a database against other programs' figures
 * and against another database; {@link io.latencystore.testkit.PostgresServer}, which starts one.
 *
 * <p>May import: the API, {@code io.latencystore.sql}, the provider of {@code
 * io.latencystore.store}, jOOQ's name of the dialect, JUnit and AssertJ.
 *
 * <p>Start reading at {@link io.latencystore.testkit.StoreFixture}.
 */
@NullMarked
package io.latencystore.testkit;

import org.jspecify.annotations.NullMarked;
