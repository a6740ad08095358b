package io.fettle.activities.serving;

/**
 * What is known of a started engine, kept in its folder so that any process can adopt it.
 *
 * @param owner the run that started it, or {@code endpoint:{name}}: who may stop it
 */
record EngineRecord(String key, int port, String engine, String modelName, String owner) {
  static final String ENDPOINT = "endpoint:";

  EngineRecord ownedBy(String newOwner) {
    return new EngineRecord(key, port, engine, modelName, newOwner);
  }
}
