/** What a file of rows holds, before anything is done with it. */
@NullMarked
package io.fettle.data.inspect;

import org.jspecify.annotations.NullMarked;
