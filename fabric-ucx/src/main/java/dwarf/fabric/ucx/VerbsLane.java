package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.openucx.jucx.UcxException;

/**
 * A connection of its own for what the network card does. A card that refuses a key ends the
 * connection that used it; so the key that was revoked a moment ago must not be used on the one
 * that carries everything else.
 */
final class VerbsLane extends Link {

  private final Home home;
  private final InetSocketAddress address;
  private final Runnable onEnding;

  /**
   * A lane to the address.
   *
   * @param onEnding runs once, when it can no longer be used
   */
  VerbsLane(Home home, InetSocketAddress address, Runnable onEnding) {
    super(home);
    this.home = home;
    this.address = address;
    this.onEnding = onEnding;
  }

  void connect() {
    try {
      begin(progress().workers().connect(address, this));
      send(Hello.of(options, home.abilities() | Hello.LANE).message(MessageType.HELLO));
    } catch (UcxException e) {
      end(new DwarfException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()), e));
    }
  }

  boolean isUsable() {
    return greeted() && endReason() == null;
  }

  Channel card() {
    return channel();
  }

  void close(DwarfException reason) {
    end(reason);
  }

  @Override
  protected MessageType expectedGreeting() {
    return MessageType.WELCOME;
  }

  @Override
  protected void onGreeted(Hello peer) {}

  @Override
  protected void onMessage(MessageHead head, MemorySegment payload) {
    throw MessageHead.malformed(head.type() + " on a connection for the network card only");
  }

  @Override
  protected void onEnding(DwarfException reason) {
    onEnding.run();
  }

  @Override
  protected void onEnded(DwarfException reason) {}

  @Override
  public String toString() {
    return "ucx lane to " + address;
  }
}
