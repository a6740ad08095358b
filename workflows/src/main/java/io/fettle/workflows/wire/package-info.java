/**
 * What crosses a process boundary and how it is spelled: payload mapping, queue names, workflow
 * ids, search attributes, failure types.
 */
@NullMarked
package io.fettle.workflows.wire;

import org.jspecify.annotations.NullMarked;
