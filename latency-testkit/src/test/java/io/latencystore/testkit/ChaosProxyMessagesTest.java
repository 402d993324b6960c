package io.latencystore.testkit;

import static io.latencystore.testkit.Frames.GSS_REQUEST;
import static io.latencystore.testkit.Frames.READY;
import static io.latencystore.testkit.Frames.SSL_REQUEST;
import static io.latencystore.testkit.Frames.STARTUP;
import static io.latencystore.testkit.Frames.SYNC;
import static io.latencystore.testkit.Frames.all;
import static io.latencystore.testkit.Frames.beginning;
import static io.latencystore.testkit.Frames.bind;
import static io.latencystore.testkit.Frames.closeStatement;
import static io.latencystore.testkit.Frames.complete;
import static io.latencystore.testkit.Frames.execute;
import static io.latencystore.testkit.Frames.frame;
import static io.latencystore.testkit.Frames.parse;
import static io.latencystore.testkit.Frames.query;
import static io.latencystore.testkit.PostgresMessage.COMMIT;
import static io.latencystore.testkit.PostgresMessage.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages the proxy recognises, and what it does at one. */
@Timeout(60)
final class ChaosProxyMessagesTest {

  private static final byte[] COMMIT_QUERY = query("COMMIT");
  private static final byte[] TLS = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

  private final List<AutoCloseable> opened = new ArrayList<>();
  private ServerSocket listening;
  private ChaosProxy proxy;
  private Peer client;
  private Peer server;

  @BeforeEach
  void listen() throws IOException {
    listening = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    proxy = closing(ChaosProxy.to("127.0.0.1", listening.getLocalPort()));
    connect();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  private void connect() throws IOException {
    client = closing(Peer.connectedTo(proxy.port()));
    server = closing(new Peer(listening.accept()));
  }

  private void start() throws IOException {
    client.sends(STARTUP);
    server.gets(STARTUP);
    server.sends(frame('R', new byte[4]), READY);
    client.gets(frame('R', new byte[4]), READY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMMIT", "commit", "  \n COMMIT AND CHAIN", "Commit;"})
  void aCommitByQueryIsCutBeforeTheServerSeesIt(String sql) throws Exception {
    start();
    proxy.cutBefore(COMMIT, 1);

    client.sends(query("INSERT INTO t SELECT 'COMMIT'"), query(sql), query("SELECT 1"));

    client.isLeft();
    server.getsOnly(query("INSERT INTO t SELECT 'COMMIT'"));
    assertThat(proxy.strikes()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S_1"})
  void aCommitByExecuteIsRecognisedHoweverLongAgoItWasParsed(String statement) throws Exception {
    start();
    byte[] once = all(parse(statement, "COMMIT"), bind("", statement), execute(""), SYNC);
    byte[] again = all(bind("p", statement), execute("p"), SYNC);
    byte[] other = all(parse("S_2", "SELECT 1"), bind("", "S_2"), execute(""), SYNC);
    byte[] before = bind("", statement);
    proxy.cutBefore(COMMIT, 3);

    client.sends(once, other, again, other, before, execute(""), SYNC);

    client.isLeft();
    server.getsOnly(once, other, again, other, before);
  }

  @Test
  void aNameThatWasCommitAndIsParsedAnewIsCommitNoMore() throws Exception {
    start();
    proxy.cutBefore(COMMIT, 1);
    byte[] renamed =
        all(
            parse("S_1", "COMMIT"),
            closeStatement("S_1"),
            parse("S_1", "SELECT 1"),
            bind("", "S_1"),
            execute(""),
            execute("unknown"),
            parse("", "COMMIT"),
            parse("", "ROLLBACK"),
            bind("", ""),
            execute(""));

    client.sends(renamed);

    server.gets(renamed);
    assertThat(proxy.strikes()).isZero();
  }

  @Test
  void aServerGetsTheCommitThatTheClientNeverHearsOf() throws Exception {
    start();
    proxy.cutAfter(COMMIT, 1);

    client.sends(parse("", "COMMIT"), bind("", ""), execute(""), SYNC);

    client.getsOnly();
    server.getsOnly(parse("", "COMMIT"), bind("", ""), execute(""));
    assertThat(proxy.openConnections()).as("until the server has answered").isEqualTo(1);
    server.sends(complete("COMMIT"), READY, new byte[1 << 20]);
    server.close();
    Await.until("it is over", Duration.ofSeconds(10), () -> proxy.openConnections() == 0);
  }

  @Test
  void anAnswerIsCutBeforeTheClientHearsIt() throws Exception {
    start();
    proxy.cutBefore(COMMITTED, 2);
    server.sends(complete("COMMIT"), complete("INSERT 0 1"), complete("COMMIT"), READY);

    client.getsOnly(complete("COMMIT"), complete("INSERT 0 1"));
    server.getsOnly();
  }

  @Test
  void anAnswerIsCutAfterTheClientHeardIt() throws Exception {
    start();
    client.sends(COMMIT_QUERY);
    server.gets(COMMIT_QUERY);
    proxy.cutAfter(COMMITTED, 1);

    server.sends(complete("COMMIT"), READY);

    client.getsOnly(complete("COMMIT"));
    server.getsOnly();
  }

  @Test
  void messagesAreCountedOverAllConnectionsAndAFaultStrikesOnce() throws Exception {
    start();
    proxy.cutBefore(COMMIT, 2);
    client.sends(COMMIT_QUERY);
    server.gets(COMMIT_QUERY);
    connect();
    start();
    client.sends(COMMIT_QUERY);
    client.isLeft();
    server.getsOnly();

    connect();
    start();
    client.sends(COMMIT_QUERY, COMMIT_QUERY);
    server.gets(COMMIT_QUERY, COMMIT_QUERY);
    assertThat(proxy.strikes()).isEqualTo(1);
  }

  @Test
  void whatWasSetIsForgottenWhenAllPasses() throws Exception {
    start();
    proxy.cutBefore(COMMIT, 1);

    proxy.pass();

    client.sends(COMMIT_QUERY);
    server.gets(COMMIT_QUERY);
  }

  @Test
  void aConnectionFreezesBeforeAMessageAndOthersDoNot() throws Exception {
    start();
    proxy.freezeBefore(COMMIT, 1);
    client.sends(query("SELECT 1"), COMMIT_QUERY);
    server.gets(query("SELECT 1"));
    server.getsNothingForNow();
    server.sends(READY);
    client.getsNothingForNow();
    Peer frozenClient = client;
    Peer frozenServer = server;

    connect();
    start();
    client.sends(COMMIT_QUERY);
    server.gets(COMMIT_QUERY);

    proxy.pass();
    frozenServer.gets(COMMIT_QUERY);
    frozenClient.gets(READY);
  }

  @Test
  void aConnectionFreezesAfterAMessageWhoseAnswerComesLater() throws Exception {
    start();
    proxy.freezeAfter(COMMIT, 1);
    client.sends(COMMIT_QUERY, query("SELECT 1"));
    server.gets(COMMIT_QUERY);
    server.sends(complete("COMMIT"));
    client.getsNothingForNow();
    server.getsNothingForNow();

    proxy.pass();

    client.gets(complete("COMMIT"));
    server.gets(query("SELECT 1"));
  }

  @Test
  void piecesOfACopyAreCounted() throws Exception {
    start();
    proxy.cutBefore(PostgresMessage.COPY_DATA, 3);
    byte[] piece = frame('d', new byte[100_000]);

    client.sends(query("COPY t FROM STDIN"), piece, piece);
    server.gets(query("COPY t FROM STDIN"), piece, piece);
    client.sends(beginning('d', 100_000), new byte[10_000]);

    client.isLeft();
    server.getsOnly();
  }

  @Test
  void messagesThatArriveByteByByteAreRecognised() throws Exception {
    proxy.cutBefore(COMMIT, 2);
    byte[] first = all(STARTUP, COMMIT_QUERY, SYNC, parse("", "COMMIT"), bind("", ""));

    client.sendsByteByByte(all(first, execute("")));

    client.isLeft();
    server.getsOnly(first);
  }

  @Test
  void aHugeMessageIsHandedOnWhileItComes() throws Exception {
    start();
    byte[] part = new byte[8 << 20];
    new Random(1).nextBytes(part);
    Thread sending = new Thread(() -> sendQuietly(beginning('d', Integer.MAX_VALUE - 4), part));
    sending.start();

    server.gets(beginning('d', Integer.MAX_VALUE - 4), part);

    sending.join();
  }

  private void sendQuietly(byte[]... parts) {
    try {
      client.sends(parts);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void afterAnEncryptionThatIsDeclinedMessagesAreRecognised() throws Exception {
    for (byte[] request : List.of(GSS_REQUEST, SSL_REQUEST)) {
      client.sends(request);
      server.gets(request);
      server.sends(new byte[] {'N'});
      client.gets(new byte[] {'N'});
    }
    start();
    proxy.cutBefore(COMMIT, 1);

    client.sends(COMMIT_QUERY);

    client.isLeft();
    server.getsOnly();
  }

  @Test
  void anOldServersErrorInsteadOfAnAnswerAboutEncryptionPasses() throws Exception {
    client.sends(SSL_REQUEST);
    server.gets(SSL_REQUEST);
    server.sends(frame('E', new byte[20]));

    client.gets(frame('E', new byte[20]));
  }

  @Test
  void whatIsEncryptedPassesUnread() throws Exception {
    client.sends(SSL_REQUEST);
    server.gets(SSL_REQUEST);
    server.sends(new byte[] {'S'});
    client.gets(new byte[] {'S'});
    proxy.cutBefore(COMMIT, 1);

    client.sends(TLS, COMMIT_QUERY);
    server.gets(TLS, COMMIT_QUERY);
    server.sends(TLS);
    client.gets(TLS);
  }

  @Test
  void encryptionWithoutAskingPassesUnread() throws Exception {
    client.sends(TLS);
    server.gets(TLS);
    server.sends(TLS);

    client.gets(TLS);
  }

  @Test
  void aRequestToCancelPasses() throws Exception {
    byte[] cancel = all(new byte[] {0, 0, 0, 16, 4, (byte) 0xd2, 0x16, 0x2e}, new byte[8]);

    client.sends(cancel);
    client.saysThatItSendsNoMore();

    server.getsOnly(cancel);
  }

  @Test
  void theNthCommitIsFoundInAnyMixtureOfMessagesHoweverItIsChopped() throws Exception {
    long seed = Seed.next();
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      connect();
      int commits = 1 + random.nextInt(10);
      proxy.cutBefore(COMMIT, commits);
      byte[] before = all(STARTUP, mixture(random, commits - 1));
      byte[] sent = all(before, COMMIT_QUERY);
      Thread sending = new Thread(() -> sendChopped(new Random(seed), sent));
      sending.start();

      assertThat(server.getsAll()).as(Seed.shown(seed)).isEqualTo(before);

      sending.join();
    }
  }

  /** Messages of any size and kind, with so many commits among them. */
  private static byte[] mixture(Random random, int commits) {
    byte[] mixture = parse("C", "COMMIT");
    for (int left = commits; left > 0 || random.nextInt(10) > 0; ) {
      byte[] body = new byte[random.nextInt(8) == 0 ? random.nextInt(200_000) : random.nextInt(99)];
      random.nextBytes(body);
      byte[] next =
          switch (random.nextInt(6)) {
            case 0 -> frame("dXHpF".charAt(random.nextInt(5)), body);
            case 1 -> query("SELECT 'COMMIT'" + " ".repeat(body.length));
            case 2 -> all(parse("", "INSERT"), bind("", ""), execute(""), SYNC);
            case 3 -> parse("P" + body.length, "COMMIT");
            default -> {
              if (left == 0) {
                yield SYNC;
              }
              left--;
              yield random.nextBoolean()
                  ? query("commit")
                  : all(bind("p", "C"), execute("p"), SYNC);
            }
          };
      mixture = all(mixture, next);
    }
    return mixture;
  }

  private void sendChopped(Random random, byte[] bytes) {
    for (int at = 0; at < bytes.length; ) {
      int size = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 50_000));
      byte[] piece = new byte[size];
      System.arraycopy(bytes, at, piece, 0, size);
      sendQuietly(piece);
      at += size;
    }
  }
}
