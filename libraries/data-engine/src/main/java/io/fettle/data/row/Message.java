package io.fettle.data.row;

/** One turn of a conversation. */
public record Message(Role role, String content) {}
