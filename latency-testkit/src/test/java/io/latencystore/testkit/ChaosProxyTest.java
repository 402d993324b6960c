package io.latencystore.testkit;

import static io.latencystore.testkit.Frames.READY;
import static io.latencystore.testkit.Frames.STARTUP;
import static io.latencystore.testkit.Frames.complete;
import static io.latencystore.testkit.Frames.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.testkit.ChaosProxy.Side;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the proxy does to connections, whatever is sent on them. */
@Timeout(60)
final class ChaosProxyTest {

  private final List<AutoCloseable> opened = new ArrayList<>();
  private ServerSocket listening;
  private ChaosProxy proxy;
  private Peer client;
  private Peer server;

  @BeforeEach
  void connect() throws IOException {
    listening = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    proxy = closing(ChaosProxy.to("127.0.0.1", listening.getLocalPort()));
    client = connectClient();
    server = accept();
    client.sends(STARTUP);
    server.gets(STARTUP);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    Await.until("its threads have ended", Duration.ofSeconds(10), () -> threads().isEmpty());
  }

  private List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("chaos-proxy-" + proxy.port()))
        .toList();
  }

  private <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  private Peer connectClient() throws IOException {
    return closing(Peer.connectedTo(proxy.port()));
  }

  private Peer accept() throws IOException {
    return closing(new Peer(listening.accept()));
  }

  private void assertPasses() throws IOException {
    client.sends(query("SELECT 1"));
    server.gets(query("SELECT 1"));
    server.sends(complete("SELECT 1"), READY);
    client.gets(complete("SELECT 1"), READY);
  }

  @Test
  void whatIsSentPasses() throws Exception {
    assertPasses();

    assertThat(proxy.connections()).isEqualTo(1);
    assertThat(proxy.openConnections()).isEqualTo(1);
    assertThat(proxy.strikes()).isZero();
  }

  @Test
  void theEndOfEitherStreamPassesAfterAllThatWasSent() throws Exception {
    client.sends(query("SELECT 1"));
    client.saysThatItSendsNoMore();
    server.getsOnly(query("SELECT 1"));
    server.sends(complete("SELECT 1"));
    server.close();

    client.getsOnly(complete("SELECT 1"));
    Await.until("it is over", Duration.ofSeconds(10), () -> proxy.openConnections() == 0);
  }

  @Test
  void refusedClientsCannotConnectUntilAllPasses() throws Exception {
    proxy.refuse();
    proxy.refuse();

    assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connectClient);
    assertPasses();

    proxy.pass();
    client = connectClient();
    server = accept();
    client.sends(STARTUP);
    server.gets(STARTUP);
    assertPasses();
    assertThat(proxy.connections()).isEqualTo(2);
  }

  @Test
  void aCutLeavesBothSidesOfEveryConnectionAndNewOnesPass() throws Exception {
    Peer otherClient = connectClient();
    Peer otherServer = accept();

    proxy.cut();

    client.isLeft();
    server.isLeft();
    otherClient.isLeft();
    otherServer.isLeft();
    client = connectClient();
    server = accept();
    client.sends(STARTUP);
    server.gets(STARTUP);
    assertPasses();
  }

  @Test
  void whatIsFrozenPassesLaterAndInOrder() throws Exception {
    proxy.freeze();
    client.sends(query("SELECT 1"));
    server.sends(READY);
    server.getsNothingForNow();
    client.getsNothingForNow();
    client.sends(query("SELECT 2"));
    Peer late = connectClient();
    late.sends(STARTUP);
    Peer lateServer = accept();
    lateServer.getsNothingForNow();

    proxy.pass();

    server.gets(query("SELECT 1"), query("SELECT 2"));
    client.gets(READY);
    lateServer.gets(STARTUP);
  }

  @Test
  void oneDirectionMayBeFrozenAlone() throws Exception {
    proxy.freeze(Side.SERVER);
    client.sends(query("SELECT 1"));
    server.gets(query("SELECT 1"));
    server.sends(READY);
    client.getsNothingForNow();
    proxy.pass();
    client.gets(READY);

    proxy.freeze(Side.CLIENT);
    client.sends(query("SELECT 2"));
    server.sends(READY);
    client.gets(READY);
    server.getsNothingForNow();
    proxy.pass();
    server.gets(query("SELECT 2"));
  }

  @Test
  void theEndOfAStreamIsFrozenToo() throws Exception {
    proxy.freeze();

    client.close();

    server.getsNothingForNow();
    proxy.pass();
    server.getsOnly();
  }

  @Test
  void whatIsFrozenCanBeCut() throws Exception {
    proxy.freeze();
    client.sends(query("SELECT 1"));
    server.getsNothingForNow();

    proxy.cut();

    server.getsOnly();
    client.isLeft();
  }

  @Test
  void whatIsDelayedTakesSoMuchLongerEachWay() throws Exception {
    Duration delay = Duration.ofMillis(50);
    proxy.delay(delay);
    long start = System.nanoTime();

    assertPasses();

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(delay.multipliedBy(2));
  }

  @Test
  void aLongDelayEndsWhenAllPasses() throws Exception {
    proxy.delay(Duration.ofHours(1));
    client.sends(query("SELECT 1"));
    server.getsNothingForNow();

    proxy.pass();

    server.gets(query("SELECT 1"));
  }

  @Test
  void aServerThatIsAwayEndsTheConnectionsAndMayComeBack() throws Exception {
    int port = listening.getLocalPort();
    listening.close();
    connectClient().isLeft();

    listening = closing(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
    Peer back = connectClient();
    back.sends(STARTUP);

    accept().gets(STARTUP);
  }

  @Test
  void aClosedProxyLeavesNothing() throws Exception {
    proxy.freeze();
    client.sends(query("SELECT 1"));
    server.getsNothingForNow();

    proxy.close();
    proxy.close();

    client.isLeft();
    server.getsOnly();
    assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connectClient);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(proxy::pass);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> proxy.cutBefore(PostgresMessage.COMMIT, 0))
        .withMessageContaining("number 0");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> proxy.delay(Duration.ofNanos(-1)))
        .withMessageContaining("delay(PT-0.000000001S)");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new PostgresMessage(Side.CLIENT, "", ""))
        .withMessageContaining("types");
  }
}
