using Microsoft.Extensions.Logging;

using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Admission is asked before a handshake costs anything, and each lease ends exactly once.</summary>
public sealed class TlsAdmissionTests : IDisposable
{
    private readonly TlsPeer _acceptor = new();
    private readonly TlsPeer _dialler = new();
    private readonly RecordingAdmission _admission = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _acceptor.Dispose();
        _dialler.Dispose();
    }

    [Fact]
    public async Task A_dialler_that_is_not_admitted_is_told_so()
    {
        _admission.Admits = false;
        await using ITransportListener listener = await _acceptor.ListenAsync(_admission);
        for (int i = 0; i < 20; i++)
        {
            PeerException refused = await _dialler.FailToDialAsync(listener.LocalAddress, _acceptor.Id);
            Assert.Equal(PeerErrorKind.Refused, refused.Kind);
            Assert.Contains(listener.LocalAddress.Describe(), refused.Message, StringComparison.Ordinal);
        }

        _admission.Admits = true;
        await _dialler.MeetAsync(listener, _acceptor.Id);
        Assert.Equal(20, _acceptor.Log.Lines.Count(static line => line.Text.Contains("admission said no", StringComparison.Ordinal)));
        Assert.All(_acceptor.Log.Lines, static line => Assert.Equal(LogLevel.Debug, line.Level));
    }

    [Fact]
    public async Task Admission_sees_where_the_dialler_comes_from()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync(_admission);
        await using PeerConnection dialled = await _dialler.DialAsync(listener.LocalAddress, _acceptor.Id);
        Assert.Equal(dialled.LocalAddress, Assert.Single(_admission.Leases).RemoteAddress);
    }

    [Fact]
    public async Task A_lease_lasts_as_long_as_its_connection()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync(_admission);
        await using PeerConnection dialled = await _dialler.DialAsync(listener.LocalAddress, _acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        RecordingAdmission.Lease lease = Assert.Single(_admission.Leases);
        Assert.Equal(_dialler.Id, Assert.Single(lease.Completed));
        Assert.Equal(0, lease.Disposals);
        await dialled.CloseAsync(3, "enough", Token);
        await lease.Released;
        await accepted.DisposeAsync();
        await listener.DisposeAsync();
        Assert.Equal(1, lease.Disposals);
    }

    [Fact]
    public async Task A_failed_handshake_ends_its_lease_uncompleted()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync(_admission);
        using var somebodyElse = new TlsPeer();
        PeerException wrong = await _dialler.FailToDialAsync(listener.LocalAddress, somebodyElse.Id);
        Assert.Equal(PeerErrorKind.WrongPeer, wrong.Kind);
        PeerException none = await _dialler.FailToDialAsync(listener.LocalAddress, _acceptor.Id, "other/1");
        Assert.Equal(PeerErrorKind.NoCommonAlpn, none.Kind);
        Assert.Equal(2, _admission.Leases.Count);
        foreach (RecordingAdmission.Lease lease in _admission.Leases)
        {
            await lease.Released;
            Assert.Equal(1, lease.Disposals);
            Assert.Empty(lease.Completed);
        }
    }

    [Fact]
    public async Task Admission_that_throws_refuses_that_connection_only()
    {
        var throwing = new ThrowingOnce();
        await using ITransportListener listener = await _acceptor.ListenAsync(throwing);
        Assert.Equal(PeerErrorKind.Refused, (await _dialler.FailToDialAsync(listener.LocalAddress, _acceptor.Id)).Kind);
        await _dialler.MeetAsync(listener, _acceptor.Id);
        LogLine line = Assert.Single(_acceptor.Log.Lines, static line => line.Level == LogLevel.Error);
        Assert.IsType<InvalidOperationException>(line.Exception);
    }

    private sealed class ThrowingOnce : IHandshakeAdmission
    {
        private int _asked;

        public IHandshakeLease? TryAdmit(TransportAddress remoteAddress) => Interlocked.Increment(ref _asked) == 1
            ? throw new InvalidOperationException("no rule for this one")
            : new RecordingAdmission.Lease(remoteAddress);
    }
}
