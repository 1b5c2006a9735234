using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Handshakes are bounded in time and in number.</summary>
public sealed class TlsHandshakeLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("silent")]
    [InlineData("half a hello")]
    [InlineData("no first record")]
    public async Task A_stalled_handshake_is_dropped_at_its_time_out(string stage)
    {
        var clock = new CountingClock();
        using var acceptor = new TlsPeer(clock);
        using var dialler = new TlsPeer();
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await acceptor.ListenAsync(admission);
        using Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress);
        if (stage == "half a hello")
        {
            await stranger.Raw.WriteAsync(new byte[] { 0x16, 3, 1, 2, 0, 1, 0 }, Token);
        }
        else if (stage == "no first record")
        {
            await stranger.ShakeHandsAsync(dialler.Certificates.Current);
        }

        await clock.TimersAsync(1);
        clock.Advance(acceptor.Settings.HandshakeTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, Assert.Single(admission.Leases).Disposals);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await stranger.ReadToEndAsync();
        await admission.Leases[0].Released;
        LogLine line = await acceptor.Log.WhenAsync(static line => line.Text.Contains("was not done within 10 s", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, line.Level);
        Assert.Equal(1, admission.Leases[0].Disposals);
        Assert.Empty(admission.Leases[0].Completed);
    }

    [Fact]
    public async Task Sending_a_byte_now_and_then_buys_no_time()
    {
        var clock = new CountingClock();
        using var acceptor = new TlsPeer(clock);
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await acceptor.ListenAsync(admission);
        using Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress);
        await clock.TimersAsync(1);
        byte[] hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
        for (int second = 0; second < 10; second++)
        {
            await stranger.Raw.WriteAsync(hello.AsMemory(second, 1), Token);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await stranger.ReadToEndAsync();
        await admission.Leases[0].Released;
    }

    [Fact]
    public async Task More_handshakes_than_the_backlog_are_refused_and_their_leases_given_back()
    {
        using var acceptor = new TlsPeer(acceptBacklog: 3);
        using var dialler = new TlsPeer();
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await acceptor.ListenAsync(admission);
        var stalled = new List<Stranger>();
        try
        {
            for (int i = 0; i < 3; i++)
            {
                stalled.Add(await Stranger.ConnectAsync(listener.LocalAddress));
            }

            await admission.AdmittedAsync(3);
            for (int i = 0; i < 20; i++)
            {
                PeerException refused = await dialler.FailToDialAsync(listener.LocalAddress, acceptor.Id);
                Assert.Equal(PeerErrorKind.Refused, refused.Kind);
            }

            Assert.Equal(20, admission.Leases.Count(static lease => lease.Disposals == 1));
            Assert.Equal(20, acceptor.Log.Lines.Count(static line => line.Text.Contains("AcceptBacklog", StringComparison.Ordinal)));
            Assert.All(acceptor.Log.Lines, static line => Assert.Equal(LogLevel.Debug, line.Level));
        }
        finally
        {
            stalled.ForEach(static stranger => stranger.Dispose());
        }

        await Task.WhenAll(admission.Leases.Select(static lease => lease.Released));
        await MeetOnceThereIsRoomAsync(dialler, acceptor, listener);
    }

    [Fact]
    public async Task A_connection_that_waits_to_be_accepted_takes_a_place()
    {
        using var acceptor = new TlsPeer(acceptBacklog: 1);
        using var dialler = new TlsPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using PeerConnection first = await dialler.DialAsync(listener.LocalAddress, acceptor.Id);
        Assert.Equal(PeerErrorKind.Refused, (await dialler.FailToDialAsync(listener.LocalAddress, acceptor.Id)).Kind);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        await dialler.MeetAsync(listener, acceptor.Id);
    }

    [Fact]
    public async Task Disposing_ends_handshakes_and_what_nobody_accepted()
    {
        using var acceptor = new TlsPeer();
        using var dialler = new TlsPeer();
        var admission = new RecordingAdmission();
        ITransportListener listener = await acceptor.ListenAsync(admission);
        using Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress);
        await admission.AdmittedAsync(1);
        await using PeerConnection kept = await dialler.DialAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        await using PeerConnection unaccepted = await dialler.DialAsync(listener.LocalAddress, acceptor.Id);
        await listener.DisposeAsync().AsTask().WaitAsync(TlsPeer.Patience, Token);
        await listener.DisposeAsync().AsTask().WaitAsync(TlsPeer.Patience, Token);
        await stranger.ReadToEndAsync();
        await unaccepted.Closed.WaitAsync(TlsPeer.Patience, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync(Token).AsTask());
        Assert.False(kept.Closed.IsCompleted);
        await kept.CloseAsync(0, cancellationToken: Token);
        await Task.WhenAll(admission.Leases.Select(static lease => lease.Released));
        Assert.All(admission.Leases, static lease => Assert.Equal(1, lease.Disposals));
    }

    private static async Task MeetOnceThereIsRoomAsync(TlsPeer dialler, TlsPeer acceptor, ITransportListener listener)
    {
        // A place is free a moment after its lease is; nothing announces it but a dial that gets through.
        using var bound = new CancellationTokenSource(TlsPeer.Patience);
        while (true)
        {
            bound.Token.ThrowIfCancellationRequested();
            try
            {
                await dialler.MeetAsync(listener, acceptor.Id);
                return;
            }
            catch (PeerException exception) when (exception.Kind == PeerErrorKind.Refused)
            {
                await Task.Yield();
            }
        }
    }
}
