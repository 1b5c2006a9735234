using IrohRpc.Routing.Internal.Dialling;
using IrohRpc.Tests.Support;
using static IrohRpc.Tests.Support.SimulatedAttempt;

namespace IrohRpc.Tests.Dialling;

public sealed class DialRaceTests
{
    [Fact]
    public void One_address_that_answers_wins()
        => Expect(new(250, ConnectsAfter(20)), "0: start 0", "20: win 0");

    [Fact]
    public void The_second_address_is_not_tried_when_the_first_answers_within_the_delay()
        => Expect(new(250, ConnectsAfter(249), ConnectsAfter(1)), "0: start 0", "249: win 0");

    [Fact]
    public void The_next_address_starts_when_the_delay_has_elapsed_and_the_slower_is_cancelled()
        => Expect(
            new(250, ConnectsAfter(400), ConnectsAfter(50)),
            "0: start 0", "250: start 1", "300: win 1", "300: cancel 0");

    [Fact]
    public void The_next_address_starts_at_once_when_one_fails()
        => Expect(
            new(250, FailsAfter(10), ConnectsAfter(50), ConnectsAfter(50)),
            "0: start 0", "10: start 1", "60: win 1");

    [Fact]
    public void A_failure_restarts_the_delay_and_the_old_timer_counts_no_more()
        => Expect(
            new(250, FailsAfter(100), Silent, ConnectsAfter(10)),
            "0: start 0", "100: start 1", "350: start 2", "360: win 2", "360: cancel 1");

    [Fact]
    public void A_failure_of_an_earlier_address_brings_the_next_one_on()
        => Expect(
            new(250, FailsAfter(300), Silent, ConnectsAfter(10)),
            "0: start 0", "250: start 1", "300: start 2", "310: win 2", "310: cancel 1");

    [Fact]
    public void A_loser_that_connects_late_is_discarded()
    {
        var simulation = new RaceSimulation(250, ConnectsAfter(400), ConnectsAfter(50)) { CancelledConnectLate = true };
        Expect(simulation, "0: start 0", "250: start 1", "300: win 1", "300: cancel 0", "301: discard 0");
    }

    [Fact]
    public void Of_two_that_connect_at_once_the_first_to_be_seen_wins_and_the_other_is_discarded()
    {
        var race = new DialRace(2);
        race.Handle(new(DialEventKind.Started));
        race.Handle(new(DialEventKind.StaggerElapsed, 0));
        Assert.Equal(
            [new(DialActionKind.Win, 1), new(DialActionKind.CancelAttempt, 0)],
            race.Handle(new(DialEventKind.Connected, 1)));
        Assert.False(race.IsSettled);
        Assert.Equal([new(DialActionKind.DiscardConnection, 0)], race.Handle(new(DialEventKind.Connected, 0)));
        Assert.True(race.IsSettled);
    }

    [Fact]
    public void When_all_fail_the_race_fails_with_the_last()
        => Expect(
            new(250, FailsAfter(300), FailsAfter(10), FailsAfter(500)),
            "0: start 0", "250: start 1", "260: start 2", "760: FailExhausted");

    [Fact]
    public void Running_out_of_time_cancels_what_runs_and_starts_nothing_more()
    {
        var simulation = new RaceSimulation(250, Silent, Silent, Silent) { TimesOutAfter = 400 };
        Expect(simulation, "0: start 0", "250: start 1", "400: FailTimedOut", "400: cancel 0", "400: cancel 1");
    }

    [Fact]
    public void Cancelling_cancels_what_runs_and_discards_what_connects_late()
    {
        var simulation = new RaceSimulation(250, Silent, Silent) { CancelledAfter = 100, CancelledConnectLate = true };
        Expect(simulation, "0: start 0", "100: FailCancelled", "100: cancel 0", "101: discard 0");
    }

    [Fact]
    public void Time_running_out_after_the_win_changes_nothing()
    {
        var simulation = new RaceSimulation(250, ConnectsAfter(10)) { TimesOutAfter = 11, CancelledAfter = 12 };
        Expect(simulation, "0: start 0", "10: win 0");
    }

    [Fact]
    public void Every_order_of_events_ends_in_one_outcome_and_leaves_no_connection_behind()
    {
        var random = new Random(20261123);
        for (int round = 0; round < 20_000; round++)
        {
            bool canLookUp = random.Next(2) == 0;
            var race = new DialRace(random.Next(canLookUp ? 0 : 1, 6), random.Next(1, 4), canLookUp);
            bool isLookingUp = false;
            var running = new HashSet<int>();
            int outcomes = 0, connections = 0, handedOut = 0, discarded = 0, last = -1;
            Take(race.Handle(new(DialEventKind.Started)));
            for (int step = 0; !race.IsSettled; step++)
            {
                Assert.True(step < 1_000, "The race does not settle.");
                Take(race.Handle(Next()));
            }

            Assert.Equal(1, outcomes);
            Assert.Equal(connections, handedOut + discarded);
            Assert.Empty(running);

            DialEvent Next()
            {
                int dice = random.Next(100);
                if (isLookingUp && (dice < 10 || running.Count == 0))
                {
                    isLookingUp = dice % 2 == 0;
                    return isLookingUp ? new(DialEventKind.Found, random.Next(3)) : new(DialEventKind.LookupEnded);
                }

                if (dice < 5 || running.Count == 0)
                {
                    return new((DialEventKind)random.Next((int)DialEventKind.TimedOut, (int)DialEventKind.EndpointClosed + 1));
                }

                if (dice < 40)
                {
                    return new(DialEventKind.StaggerElapsed, random.Next(2) == 0 ? last : random.Next(Math.Max(1, last + 1)));
                }

                int attempt = running.ElementAt(random.Next(running.Count));
                running.Remove(attempt);
                bool connects = dice < 60;
                connections += connects ? 1 : 0;
                return new(connects ? DialEventKind.Connected : DialEventKind.Failed, attempt);
            }

            void Take(IReadOnlyList<DialAction> actions)
            {
                foreach (DialAction action in actions)
                {
                    switch (action.Kind)
                    {
                        case DialActionKind.StartLookup:
                            Assert.Equal(0, outcomes);
                            isLookingUp = true;
                            break;
                        case DialActionKind.StartAttempt:
                            Assert.Equal(0, outcomes);
                            Assert.Equal(last + 1, action.Attempt);
                            last = action.Attempt;
                            running.Add(action.Attempt);
                            break;
                        case DialActionKind.CancelAttempt:
                            Assert.Contains(action.Attempt, running);
                            break;
                        case DialActionKind.DiscardConnection:
                            discarded++;
                            break;
                        case DialActionKind.Win:
                            handedOut++;
                            outcomes++;
                            break;
                        case DialActionKind.StartStagger:
                            break;
                        default:
                            outcomes++;
                            break;
                    }
                }
            }
        }
    }

    private static void Expect(RaceSimulation simulation, params string[] log)
    {
        DialRace race = simulation.Run();
        Assert.Equal(log, simulation.Log);
        Assert.True(race.IsSettled);
    }
}
