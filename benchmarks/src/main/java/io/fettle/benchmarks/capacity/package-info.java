/** What pools that launch hosts cost and lose: EC2 as it is documented, on Moto's server. */
@NullMarked
package io.fettle.benchmarks.capacity;

import org.jspecify.annotations.NullMarked;
