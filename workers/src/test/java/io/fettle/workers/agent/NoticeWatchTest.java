package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.signal.PreemptionSignal;
import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoticeWatchTest {
  private final List<String> followed = new ArrayList<>();
  private final Provider provider = new Provider();
  private final NoticeWatch watch = new NoticeWatch(provider, new Follower());

  private final class Follower implements NoticeWatch.Listener {
    @Override
    public void leave(String reason, Duration window) {
      followed.add("leave in %d s: %s".formatted(window.toSeconds(), reason));
    }

    @Override
    public void atRisk(String reason) {
      followed.add("at risk: " + reason);
    }
  }

  private static final class Provider implements PreemptionSignal {
    private Sign sign = new Sign.Quiet();
    private boolean away;

    @Override
    public Sign look() throws IOException {
      if (away) {
        throw new IOException("no answer");
      }
      return sign;
    }

    @Override
    public Duration pause() {
      return Duration.ofSeconds(5);
    }
  }

  private Duration sees(Sign sign) throws InterruptedException {
    provider.sign = sign;
    return watch.look();
  }

  @Test
  void a_notice_that_stands_is_followed_once_and_again_where_its_end_comes_nearer()
      throws Exception {
    sees(new Sign.Leave("spot", Duration.ofMinutes(2)));
    sees(new Sign.Leave("spot", Duration.ofMinutes(2)));
    sees(new Sign.Leave("spot", Duration.ofMinutes(3)));
    sees(new Sign.Leave("spot", Duration.ofSeconds(30)));

    assertThat(followed).containsExactly("leave in 120 s: spot", "leave in 30 s: spot");
  }

  @Test
  void a_risk_that_is_repeated_is_followed_once() throws Exception {
    sees(new Sign.Risk("rebalance"));
    sees(new Sign.Quiet());
    sees(new Sign.Risk("rebalance"));

    assertThat(followed).containsExactly("at risk: rebalance");
  }

  @Test
  void a_provider_that_is_away_is_no_notice_and_is_asked_again_soon() throws Exception {
    provider.away = true;
    assertThat(watch.look()).isEqualTo(Duration.ofSeconds(2));
    assertThat(followed).isEmpty();

    provider.away = false;
    assertThat(sees(new Sign.Leave("spot", Duration.ofSeconds(30)))).isEqualTo(provider.pause());
    assertThat(followed).hasSize(1);
  }
}
