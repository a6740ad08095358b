package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.ProfileFile;

/** What people have instead of keys: the SDK finds it by parts that nothing of ours names. */
@Tag("real")
class RolesRealTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/fettle-control";
  private static final String STS = "aws.endpointUrlSts";

  @TempDir Path folder;

  private Ec2Account account;

  @BeforeEach
  void start() throws IOException {
    account = Moto.account();
    System.setProperty(STS, account.moto().toString());
    System.setProperty(SdkSystemSetting.AWS_REGION.property(), "eu-west-1");
  }

  @AfterEach
  void stop() {
    System.clearProperty(STS);
    System.clearProperty(SdkSystemSetting.AWS_REGION.property());
    account.close();
  }

  @Test
  void a_profile_may_be_a_role() throws IOException {
    var found =
        profile(
            """
            [profile fettle]
            role_arn = %s
            source_profile = keys
            region = eu-west-1

            [profile keys]
            aws_access_key_id = key
            aws_secret_access_key = secret
            """
                .formatted(ROLE));

    assertThat(found).isInstanceOf(AwsSessionCredentials.class);
  }

  @Test
  void a_pod_of_eks_has_the_role_of_its_service_account() throws IOException {
    var token = Files.writeString(folder.resolve("token"), "of.the.cluster");
    try (var provider =
        WebIdentityTokenFileCredentialsProvider.builder()
            .roleArn(ROLE)
            .roleSessionName("fettle")
            .webIdentityTokenFile(token)
            .build()) {
      assertThat(provider.resolveCredentials()).isInstanceOf(AwsSessionCredentials.class);
    }
  }

  /** There is no such server here: it is asked for nothing, since nobody has signed in. */
  @Test
  void a_profile_may_be_a_single_sign_on() {
    assertThatThrownBy(
            () ->
                profile(
                    """
                    [profile fettle]
                    sso_session = nobody-%s
                    sso_account_id = 123456789012
                    sso_role_name = ml

                    [sso-session nobody-%1$s]
                    sso_region = eu-west-1
                    sso_start_url = https://example.awsapps.com/start
                    """
                        .formatted(folder.hashCode())))
        .hasMessageNotContaining("class path")
        .hasMessageContaining("aws sso login");
  }

  private AwsCredentials profile(String config) throws IOException {
    var file = Files.writeString(folder.resolve("config"), config);
    var profiles = ProfileFile.builder().content(file).type(ProfileFile.Type.CONFIGURATION).build();
    try (var provider =
        ProfileCredentialsProvider.builder().profileFile(profiles).profileName("fettle").build()) {
      return provider.resolveCredentials();
    }
  }
}
