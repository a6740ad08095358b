/** The agent of one GPU host: claim, stage, train and what else needs the host. Wiring only. */
@NullMarked
package io.fettle.workers.agent;

import org.jspecify.annotations.NullMarked;
