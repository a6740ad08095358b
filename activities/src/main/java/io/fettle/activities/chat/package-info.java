/** Models behind the OpenAI API, asked with patience. */
@NullMarked
package io.fettle.activities.chat;

import org.jspecify.annotations.NullMarked;
