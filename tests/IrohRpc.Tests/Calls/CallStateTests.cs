using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>The state machines of the call layer, by tables of events.</summary>
public sealed class CallStateTests
{
    public static TheoryData<string, string> Lives => new()
    {
        { "Started Taken Responded", "Sending:Send Waiting:Proceed Ended:Complete" },
        { "Started Failed", "Sending:Send Ended:Complete" },
        { "Failed Started", "Ended:Complete Ended:Ignore" },
        { "GivenUp Started", "Ended:Complete Ended:Ignore" },
        { "Started GivenUp Taken", "Sending:Send Ended:Complete Ended:Ignore" },
        { "Started Taken GivenUp Responded", "Sending:Send Waiting:Proceed Ended:CompleteAndWithdraw Ended:Ignore" },
        { "Started Taken Responded GivenUp", "Sending:Send Waiting:Proceed Ended:Complete Ended:Ignore" },
        { "Started Taken Failed GivenUp Failed", "Sending:Send Waiting:Proceed Ended:Complete Ended:Ignore Ended:Ignore" },
        { "Started Taken Retrying Taken Responded", "Sending:Send Waiting:Proceed Sending:Send Waiting:Proceed Ended:Complete" },
        { "Started Retrying Taken Retrying Failed", "Sending:Send Sending:Send Waiting:Proceed Sending:Send Ended:Complete" },
        { "Started Taken StreamBegan Closed GivenUp", "Sending:Send Waiting:Proceed Streaming:Complete Ended:Proceed Ended:Ignore" },
        { "Started Taken StreamBegan GivenUp Closed", "Sending:Send Waiting:Proceed Streaming:Complete Ended:Withdraw Ended:Ignore" },
        { "Started Taken StreamBegan Retrying Taken StreamBegan", "Sending:Send Waiting:Proceed Streaming:Complete Sending:Send Waiting:Proceed Streaming:Complete" },
        { "Responded Taken Closed", "Created:Ignore Created:Ignore Created:Ignore" },
        { "Started Responded", "Sending:Send Sending:Ignore" },
    };

    [Theory]
    [MemberData(nameof(Lives))]
    public void Call_goes_through_its_states(string events, string expected)
    {
        var phase = CallPhase.Created;
        var seen = new List<string>();
        foreach (string name in events.Split(' '))
        {
            (phase, CallAction action) = CallState.Next(phase, Enum.Parse<CallEvent>(name));
            seen.Add($"{phase}:{action}");
        }

        Assert.Equal(expected, string.Join(' ', seen));
    }

    /// <summary>Whatever happens in whatever order, the caller gets one outcome, or one for each time that it was made again as a stream.</summary>
    [Fact]
    public void Call_ends_once_in_every_order_of_events()
    {
        CallEvent[] all = [CallEvent.Taken, CallEvent.Responded, CallEvent.Failed, CallEvent.GivenUp, CallEvent.StreamBegan, CallEvent.Closed];
        foreach (CallEvent[] order in Permutations(all))
        {
            (CallPhase phase, _) = CallState.Next(CallPhase.Created, CallEvent.Started);
            int completed = 0;
            foreach (CallEvent happened in order)
            {
                (phase, CallAction action) = CallState.Next(phase, happened);
                completed += action is CallAction.Complete or CallAction.CompleteAndWithdraw ? 1 : 0;
            }

            Assert.Equal((1, CallPhase.Ended), (completed, phase));
        }
    }

    public static TheoryData<string, string> Sendings => new()
    {
        { "Flush", "Idle:None" },
        { "Flush+", "Writing:Write" },
        { "Flush+ Flush+ Written+ Written", "Writing:Write Writing:None Writing:Write Idle:None" },
        { "Complete Flush", "Idle WritingLast:WriteLast" },
        { "Flush+ Complete Flush Written Written", "Writing:Write Writing Writing:None WritingLast:WriteLast Ended:Finish" },
        { "Complete Flush+ Written Flush+", "Idle WritingLast:WriteLast Ended:Finish Ended:None" },
        { "Abort Flush+", "Ended:Finish Ended:None" },
        { "Flush+ Abort Abort Written", "Writing:Write Closing:None Closing:None Ended:Finish" },
        { "Flush+ Abort Failed Failed", "Writing:Write Closing:None Ended:Finish Ended:None" },
        { "Flush+ Failed Abort", "Writing:Write Ended:Finish Ended:None" },
        { "Complete Flush Abort Written", "Idle WritingLast:WriteLast Closing:None Ended:Finish" },
    };

    /// <summary>A plus says that something is pending.</summary>
    [Theory]
    [MemberData(nameof(Sendings))]
    public void Sender_writes_one_batch_at_a_time_and_ends_once(string events, string expected)
    {
        var state = default(SenderState);
        var seen = new List<string>();
        foreach (string name in events.Split(' '))
        {
            bool hasPending = name.EndsWith('+');
            SenderAction? action = name.TrimEnd('+') switch
            {
                "Flush" => state.Flush(hasPending),
                "Written" => state.Written(hasPending),
                "Failed" => state.Failed(),
                "Abort" => state.Abort(),
                _ => null,
            };
            if (action is null)
            {
                state.Complete();
            }

            seen.Add(action is null ? $"{state.Phase}" : $"{state.Phase}:{action}");
        }

        Assert.Equal(expected, string.Join(' ', seen));
    }

    public static TheoryData<string, string> Drains => new()
    {
        { "Drain Idle Closed", "Draining:SayGoAway Quiet:SayDone Closed:Release" },
        { "Idle Drain Drain", "Open:None Draining:SayGoAway Draining:None" },
        { "Drain Closed Idle", "Draining:SayGoAway Closed:Release Closed:None" },
        { "Closed Drain Closed", "Closed:Release Closed:None Closed:None" },
    };

    [Theory]
    [MemberData(nameof(Drains))]
    public void Drain_says_go_away_before_and_after_its_calls(string events, string expected)
    {
        var phase = DrainPhase.Open;
        var seen = new List<string>();
        foreach (string name in events.Split(' '))
        {
            (phase, DrainAction action) = DrainState.Next(phase, Enum.Parse<DrainEvent>(name));
            seen.Add($"{phase}:{action}");
        }

        Assert.Equal(expected, string.Join(' ', seen));
    }

    private static IEnumerable<CallEvent[]> Permutations(CallEvent[] items)
        => items.Length == 1 ? [items] : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (CallEvent[])[first, .. rest]));
}
