package io.latencystore;

/**
 * Work on what is stored already. The store does it by itself now and then, on a thread of its own;
 * what is called here happens at once and on the caller's thread, in small steps that let recording
 * and questions by. Safe for use by any thread; of all processes that share a database one at a
 * time does such work, and the others wait their turn.
 */
public interface Maintenance {}
