package io.fettle.data.read;

import java.nio.file.Path;

/**
 * One file to read.
 *
 * @param path where its bytes lie
 * @param name what reports and row ids call it
 */
public record Source(Path path, String name, Format format, FieldMapping fields) {}
