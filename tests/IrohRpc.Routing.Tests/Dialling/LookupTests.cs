using IrohRpc.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests.Dialling;

/// <summary>What dials make of address lookups that answer when the test says so.</summary>
public sealed class LookupTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly EndpointId Peer = new(Enumerable.Repeat((byte)7, 32).ToArray());

    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedTransport _transport = new("quic", 1);
    private readonly GatedLookup _first = new();
    private readonly GatedLookup _second = new();
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
    public async Task All_lookups_are_asked_at_once_and_the_first_answer_is_dialled()
    {
        Task<PeerConnection> dial = await DialAsync();
        await _first.Asked.WaitAsync(Bound, Cancellation);
        await _second.Asked.WaitAsync(Bound, Cancellation);
        _second.Answer(_transport.Address(2));
        ScriptedConnection connection = (await _transport.NextDialAsync()).Connect();
        Assert.Same(connection, await dial.WaitAsync(Bound, Cancellation));
        await _first.Stopped.WaitAsync(Bound, Cancellation);
    }

    [Fact]
    public async Task A_later_answer_joins_the_dial_that_is_under_way()
    {
        Task<PeerConnection> dial = await DialAsync();
        _first.Answer(_transport.Address(1));
        ScriptedDial silent = await _transport.NextDialAsync();
        _second.Answer(_transport.Address(1), _transport.Address(2));
        _second.End();
        silent.Fail(PeerErrorKind.Unreachable, "moved away");
        ScriptedDial better = await _transport.NextDialAsync();
        Assert.Equal(_transport.Address(2), better.Address);
        Assert.Same(better.Connect(), await dial.WaitAsync(Bound, Cancellation));
    }

    [Fact]
    public async Task An_address_that_answers_at_once_needs_no_lookup()
    {
        Task<PeerConnection> dial = await DialAsync(_transport.Address(1));
        Assert.Same((await _transport.NextDialAsync()).Connect(), await dial.WaitAsync(Bound, Cancellation));
        Assert.False(_first.Asked.IsCompleted);
    }

    [Fact]
    public async Task An_address_that_is_silent_for_the_stagger_delay_brings_the_lookup_on()
    {
        Task<PeerConnection> dial = await DialAsync(_transport.Address(1));
        ScriptedDial silent = await _transport.NextDialAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await _first.Asked.WaitAsync(Bound, Cancellation);
        _first.Answer(_transport.Address(2));

        // The delay begins when the answer has come, which the test cannot see.
        Task<ScriptedDial> next = _transport.NextDialAsync().AsTask();
        await _clock.AdvanceUntilAsync(() => next.IsCompleted);
        Assert.Same((await next).Connect(), await dial.WaitAsync(Bound, Cancellation));
        silent.EndCancelled();
    }

    [Fact]
    public async Task A_failed_lookup_costs_the_other_nothing()
    {
        Task<PeerConnection> dial = await DialAsync();
        _first.End(new InvalidOperationException("out of order"));
        _second.Answer(_transport.Address(2));
        Assert.Same((await _transport.NextDialAsync()).Connect(), await dial.WaitAsync(Bound, Cancellation));
    }

    [Fact]
    public async Task A_peer_that_no_lookup_knows_is_told_with_the_names_of_those_that_were_asked()
    {
        Task<PeerConnection> dial = await DialAsync();
        _first.End();
        _second.End();
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.NoAddress, error.Kind);
        Assert.Contains("gated+gated", error.Message);
    }

    [Fact]
    public async Task A_dial_that_runs_out_of_time_stops_the_lookups()
    {
        Task<PeerConnection> dial = await DialAsync();
        await _first.Asked.WaitAsync(Bound, Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(15));
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.TimedOut, error.Kind);
        await _first.Stopped.WaitAsync(Bound, Cancellation);
        await _second.Stopped.WaitAsync(Bound, Cancellation);
    }

    [Fact]
    public async Task Found_addresses_count_against_the_bound_of_a_dial()
    {
        Task<PeerConnection> dial = await DialAsync();
        _first.Answer([.. Enumerable.Range(0, 40).Select(host => _transport.Address((byte)host))]);
        _first.End();
        _second.End();
        for (int i = 0; i < 32; i++)
        {
            (await _transport.NextDialAsync()).Fail(PeerErrorKind.Unreachable, "nobody");
        }

        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dial.WaitAsync(Bound, Cancellation));
        Assert.Equal(PeerErrorKind.Unreachable, error.Kind);
        Assert.Equal(32, _transport.DialCount);
    }

    private async Task<Task<PeerConnection>> DialAsync(params TransportAddress[] addresses)
    {
        _endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [_transport], ListenOn = [], TimeProvider = _clock, AddressLookups = [_first, _second] }, Cancellation);
        return _endpoint.DialAsync(new EndpointAddress(Peer, addresses), "test/1", Cancellation).AsTask();
    }
}
