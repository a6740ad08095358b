/**
 * How many tokens a model's tokenizer makes of a text: byte-level BPE, exactly as the model's own.
 */
@NullMarked
package io.fettle.data.tokens;

import org.jspecify.annotations.NullMarked;
