/** What people see: lines, bars, a run as it goes. */
@NullMarked
package io.fettle.cli.view;

import org.jspecify.annotations.NullMarked;
