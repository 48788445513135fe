package dwarf.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {

  private static WorkerLoad load(long id, int running, int slots, long rate) {
    return new WorkerLoad(id, running, slots, rate, 100);
  }

  @Test
  void theLeastLoadedWorkerIsChosen() {
    List<WorkerLoad> workers = List.of(load(1, 1, 2, 0), load(2, 0, 2, 40), load(3, 0, 2, 60));
    assertThat(Placement.choose(workers, 9).orElseThrow().worker()).isEqualTo(2);
  }

  @Test
  void storageBandwidthCountsLikeSlots() {
    List<WorkerLoad> workers = List.of(load(1, 0, 2, 90), load(2, 1, 2, 0));
    assertThat(Placement.choose(workers, 9).orElseThrow().worker()).isEqualTo(2);
    assertThat(new WorkerLoad(1, 1, 4, 25, 100).score()).isEqualTo(0.5);
    assertThat(new WorkerLoad(1, 1, 4, 25, 0).score()).as("no cap known").isEqualTo(0.25);
  }

  @Test
  void aFullWorkerIsNeverChosen() {
    assertThat(Placement.choose(List.of(load(1, 2, 2, 0), load(2, 0, 0, 0)), 9)).isEmpty();
    assertThat(Placement.choose(List.of(), Double.POSITIVE_INFINITY)).isEmpty();
  }

  @Test
  void theOwnerKeepsTheTaskOnlyIfItIsLessLoaded() {
    List<WorkerLoad> workers = List.of(load(1, 1, 2, 0));
    assertThat(Placement.choose(workers, 0.4)).isEmpty();
    assertThat(Placement.choose(workers, 0.5)).isPresent();
  }

  @Test
  void equalWorkersAreTakenByNumber() {
    List<WorkerLoad> workers = List.of(load(7, 0, 1, 0), load(3, 0, 1, 0), load(5, 0, 1, 0));
    assertThat(Placement.choose(workers, 0).orElseThrow().worker()).isEqualTo(3);
  }
}
