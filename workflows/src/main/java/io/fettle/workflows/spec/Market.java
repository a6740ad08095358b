package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** How a host is paid for, and whether its provider may take it back. */
public enum Market {
  /** Cheap, and taken back with a short notice or none. */
  SPOT,
  ON_DEMAND,
  /** Paid for already, by a reservation or a block of capacity. */
  RESERVED,
  /** A machine that one has: nobody charges for it, nobody takes it back. */
  @JsonEnumDefaultValue
  OWNED
}
