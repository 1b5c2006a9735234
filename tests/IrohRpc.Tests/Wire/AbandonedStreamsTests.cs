using IrohRpc.Connections;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>Who gives up more calls than it may has its next ones wait, and nothing else.</summary>
public sealed class AbandonedStreamsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly byte[] Sum = [1, 1, .. RawPeer.Request(0, "Sum", "(stream<i32>)->i64", [])];

    [Fact]
    public void A_burst_of_two_seconds_is_free_and_what_is_over_waits_until_it_is_paid_for()
    {
        var abandoned = new AbandonedStreams(perSecond: 10);
        for (int count = 0; count < 20; count++)
        {
            abandoned.Note(TimeSpan.Zero);
            Assert.Equal(TimeSpan.Zero, abandoned.MeasureWait(TimeSpan.Zero));
        }

        abandoned.Note(TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(0.1), abandoned.MeasureWait(TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, abandoned.MeasureWait(TimeSpan.FromSeconds(0.1)));
    }

    [Fact]
    public void What_was_not_used_for_long_is_saved_up_to_two_seconds()
    {
        var abandoned = new AbandonedStreams(perSecond: 10);
        TimeSpan late = TimeSpan.FromHours(1);
        for (int count = 0; count < 21; count++)
        {
            abandoned.Note(late);
        }

        Assert.True(abandoned.MeasureWait(late) > TimeSpan.Zero);
    }

    [Fact]
    public async Task Streams_of_who_resets_too_many_wait_and_calls_on_lanes_and_of_others_do_not()
    {
        const int PerSecond = 5;
        var clock = new FakeTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(new ServiceOptions { MaxAbandonedCallsPerSecond = PerSecond, TimeProvider = clock });
        PeerStream lane = await peer.OpenLaneAsync();
        for (int count = 0; count <= 2 * PerSecond; count++)
        {
            PeerStream reset = await StartAsync(peer);
            await UntilAsync(() => peer.Pair.Server.CallsInProgress == 1);
            reset.AbortWrite(1);
            reset.AbortRead(1);
            await UntilAsync(() => peer.Pair.Server.CallsInProgress == 0);
        }

        // The service may have been waiting for the next stream already when it saw the last reset.
        PeerStream[] waiting = [await StartAsync(peer), await StartAsync(peer), await StartAsync(peer)];
        for (int count = 0; count < 50; count++)
        {
            await lane.WriteAsync(RawPeer.Request(9, "Touch", "()->void", []), Token).Soon();
            Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(lane))!.Value.Type);
        }

        Assert.InRange(peer.Pair.Server.CallsInProgress, 0, 1);
        clock.Advance(TimeSpan.FromSeconds(3));
        await UntilAsync(() => peer.Pair.Server.CallsInProgress == waiting.Length);
    }

    private static async Task<PeerStream> StartAsync(RawPeer peer)
    {
        PeerStream stream = await peer.OpenAsync();
        await stream.WriteAsync(Sum, Token).Soon();
        return stream;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(RpcPair.Bound);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
