/** Model servers on this machine, the endpoint aliases, and the request to deploy. */
@NullMarked
package io.fettle.activities.serving;

import org.jspecify.annotations.NullMarked;
