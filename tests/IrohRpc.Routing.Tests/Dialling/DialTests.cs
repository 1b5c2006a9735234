using IrohRpc.Tests.Support;
using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests.Dialling;

/// <summary>Dials of an endpoint over transports that answer when the test says so, by a clock that the test moves.</summary>
public sealed class DialTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly EndpointId Peer = new(Enumerable.Repeat((byte)7, 32).ToArray());

    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedTransport _quic = new("quic", 1);
    private readonly ScriptedTransport _tls = new("tls", 2);
    private PeerEndpoint? _endpoint;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_first_transport_wins_and_the_second_is_not_asked()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _tls.Address(1));
        ScriptedConnection connection = (await _quic.NextDialAsync()).Connect();
        Assert.Same(connection, await dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(_quic.Address(1), connection.RemoteAddress);
        Assert.Equal(0, _tls.DialCount);
    }

    [Fact]
    public async Task The_second_transport_starts_behind_the_stagger_delay_and_not_before()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _tls.Address(1));
        ScriptedDial slow = await _quic.NextDialAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(0, _tls.DialCount);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        ScriptedConnection connection = (await _tls.NextDialAsync().AsTask().WaitAsync(Bound, Cancellation)).Connect();
        Assert.Same(connection, await dial.WaitAsync(Bound, Cancellation));
        await slow.Cancelled.WaitAsync(Bound, Cancellation);
        slow.EndCancelled();
    }

    [Fact]
    public async Task A_failure_at_the_first_address_brings_on_the_next_without_any_delay()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _tls.Address(1));
        (await _quic.NextDialAsync()).Fail(PeerErrorKind.Unreachable, "nobody there");
        ScriptedConnection connection = (await _tls.NextDialAsync()).Connect();
        Assert.Same(connection, await dial.WaitAsync(Bound, Cancellation));
    }

    [Fact]
    public async Task A_loser_that_connects_after_all_is_closed_with_its_code()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _tls.Address(1));
        ScriptedDial slow = await _quic.NextDialAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        ScriptedConnection winner = (await _tls.NextDialAsync()).Connect();
        await dial.WaitAsync(Bound, Cancellation);
        ScriptedConnection loser = slow.Connect();
        ConnectionEnd end = await loser.Closed.WaitAsync(Bound, Cancellation);
        Assert.Equal(ConnectionErrorCodes.LostRace, end.ErrorCode);
        Assert.False(winner.Closed.IsCompleted);
        Assert.Single(_endpoint!.Connections);
    }

    [Theory]
    [InlineData(PeerErrorKind.WrongPeer)]
    [InlineData(PeerErrorKind.NoCommonAlpn)]
    [InlineData(PeerErrorKind.Refused)]
    [InlineData(PeerErrorKind.AuthenticationFailed)]
    public async Task A_definite_answer_at_one_address_does_not_end_the_dial(PeerErrorKind answer)
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _tls.Address(1));
        (await _quic.NextDialAsync()).Fail(answer, "no");
        (await _tls.NextDialAsync()).Connect();
        await dial.WaitAsync(Bound, Cancellation);
    }

    [Fact]
    public async Task When_all_fail_the_error_is_the_most_telling_one_and_lists_every_attempt()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _quic.Address(2), _tls.Address(1));
        (await _quic.NextDialAsync()).Fail(PeerErrorKind.Unreachable, "port closed");
        ScriptedDial second = await _quic.NextDialAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        second.Fail(PeerErrorKind.NoCommonAlpn, "speaks something else");
        (await _tls.NextDialAsync()).Fail(PeerErrorKind.ConnectionLost, "went away");
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.NoCommonAlpn, error.Kind);
        Assert.Equal("speaks something else", error.InnerException!.Message);
        Assert.Contains(Peer.ToShortString(), error.Message);
        Assert.Contains("\"test/1\"", error.Message);
        Assert.Contains("port closed", error.Message);
        Assert.Contains("speaks something else (after 0.1 s)", error.Message);
        Assert.Contains("went away", error.Message);
    }

    [Fact]
    public async Task A_transport_that_throws_anything_fails_its_attempt_only()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _tls.Address(1));
        (await _quic.NextDialAsync()).Fail(new InvalidCastException("a bug"));
        ScriptedDial second = await _tls.NextDialAsync();
        second.Fail(PeerErrorKind.Unreachable, "nobody");
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.Unreachable, error.Kind);
        Assert.Contains("a bug", error.Message);
    }

    [Fact]
    public async Task The_time_limit_holds_over_all_addresses()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1), _tls.Address(1));
        ScriptedDial first = await _quic.NextDialAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        ScriptedDial second = await _tls.NextDialAsync();
        _clock.Advance(TimeSpan.FromSeconds(15));
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.TimedOut, error.Kind);
        Assert.Contains("no answer yet", error.Message);
        await first.Cancelled.WaitAsync(Bound, Cancellation);
        await second.Cancelled.WaitAsync(Bound, Cancellation);
        first.EndCancelled();
        second.EndCancelled();
    }

    [Fact]
    public async Task A_refusal_that_is_there_when_the_handshake_completes_fails_the_dial_with_its_reason()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1));
        ScriptedConnection connection = (await _quic.NextDialAsync()).ConnectRefused("not you");
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
        Assert.Equal(ConnectionErrorCodes.Refused, error.ErrorCode);
        Assert.Equal("not you", error.Reason);
        Assert.True(connection.IsDisposed);
    }

    [Fact]
    public async Task The_callers_token_ends_the_dial_and_a_late_connection_is_closed()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        PeerEndpoint endpoint = await EndpointAsync();
        Task<PeerConnection> dial = endpoint.DialAsync(new EndpointAddress(Peer, _quic.Address(1)), "test/1", stop.Token).AsTask();
        ScriptedDial pending = await _quic.NextDialAsync();
        await stop.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        ScriptedConnection late = pending.Connect();
        await late.Closed.WaitAsync(Bound, Cancellation);
    }

    [Fact]
    public async Task Closing_the_endpoint_ends_a_dial_under_way_and_refuses_a_later_one()
    {
        Task<PeerConnection> dial = await DialAsync(_quic.Address(1));
        ScriptedDial pending = await _quic.NextDialAsync();
        Task close = _endpoint!.CloseAsync(Cancellation).AsTask();
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.ClosedLocally, error.Kind);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => _endpoint.DialAsync(new EndpointAddress(Peer, _quic.Address(1)), "test/1", Cancellation).AsTask());
        Assert.False(close.IsCompleted, "The attempt has not ended, and closing waits for it.");
        pending.EndCancelled();
        await close.WaitAsync(Bound, Cancellation);
    }

    [Fact]
    public async Task A_peer_without_addresses_cannot_be_dialled()
    {
        Task<PeerConnection> dial = await DialAsync();
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.NoAddress, error.Kind);
    }

    [Fact]
    public async Task Addresses_that_nobody_can_dial_are_told_apart_from_none()
    {
        Task<PeerConnection> dial = await DialAsync(TransportAddress.Relay("https://relay.example/"));
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.TransportUnsupported, error.Kind);
        Assert.Contains("relay.example", error.Message);
    }

    [Fact]
    public async Task An_unsupported_transport_is_named_when_the_dial_fails()
    {
        var quic = new ScriptedTransport("quic", 1) { UnsupportedReason = "libmsquic is missing" };
        _endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [quic, _tls], ListenOn = [], TimeProvider = _clock }, Cancellation);
        Assert.Equal([new UnavailableTransport("quic", "libmsquic is missing")], _endpoint.UnavailableTransports);
        Task<PeerConnection> dial = _endpoint
            .DialAsync(new EndpointAddress(Peer, quic.Address(1), _tls.Address(1)), "test/1", Cancellation).AsTask();
        (await _tls.NextDialAsync()).Fail(PeerErrorKind.Unreachable, "nobody");
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.Unreachable, error.Kind);
        Assert.Contains("libmsquic is missing", error.Message);
    }

    [Fact]
    public async Task Offering_nothing_or_nonsense_is_misuse()
    {
        PeerEndpoint endpoint = await EndpointAsync();
        var peer = new EndpointAddress(Peer, _quic.Address(1));
        foreach (string[] alpns in (string[][])[[], [""], ["a/1", "a/1"], [new string('x', 256)], [.. Enumerable.Range(0, 10_000).Select(number => $"protocol-{number}/1")]])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => endpoint.DialAsync(peer, alpns, Cancellation).AsTask());
        }
    }

    private async Task<PeerEndpoint> EndpointAsync()
        => _endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [_quic, _tls], ListenOn = [], TimeProvider = _clock }, Cancellation);

    private async Task<Task<PeerConnection>> DialAsync(params TransportAddress[] addresses)
        => (await EndpointAsync()).DialAsync(new EndpointAddress(Peer, addresses), "test/1", Cancellation).AsTask();
}
