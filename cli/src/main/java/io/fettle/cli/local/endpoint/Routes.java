package io.fettle.cli.local.endpoint;

import io.fettle.workflows.serving.Alias;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedSet;

/** Where requests go. */
public interface Routes {

  /** Every endpoint that ever had an alias. */
  SortedSet<String> endpoints() throws IOException;

  /** The newest version of its alias. */
  Optional<Alias> newest(String endpoint) throws IOException;
}
