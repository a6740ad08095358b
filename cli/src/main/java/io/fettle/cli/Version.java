package io.fettle.cli;

import picocli.CommandLine.IVersionProvider;

/**
 * The launcher prints the version with the commit; this one is for those who start the class
 * themselves.
 */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Fettle.class.getPackage().getImplementationVersion();
    return new String[] {"fettle " + (version == null ? "(not from a jar)" : version)};
  }
}
