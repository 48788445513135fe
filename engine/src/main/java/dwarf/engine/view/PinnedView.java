package dwarf.engine.view;

/**
 * A sequence number and the view it reads through, pinned. A registered one is a snapshot: its view
 * is replaced when one of its memtables moves to another place, and the seal that moves it keeps
 * the versions the snapshot sees; and when a flush wrote no more of a family than it sees.
 */
public final class PinnedView {

  private final long sequence;
  private volatile ReadView view;

  PinnedView(long sequence, ReadView view) {
    this.sequence = sequence;
    this.view = view;
  }

  public long sequence() {
    return sequence;
  }

  public ReadView view() {
    return view;
  }

  void moveTo(ReadView next) {
    view = next;
  }
}
