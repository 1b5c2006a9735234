using System.Net;
using System.Threading.Channels;
using IrohRpc.Reach.PortMapping;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Reach.Tests.PortMapping;

/// <summary>When a port is mapped, by what, and when the mapping is over; by a clock of the test's.</summary>
public sealed class PortMapperTests : IAsyncDisposable
{
    private static readonly IPEndPoint First = IPEndPoint.Parse("11.77.1.2:4001");
    private static readonly IPEndPoint Second = IPEndPoint.Parse("11.77.1.2:4002");
    private static readonly TimeSpan HalfLifetime = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<IPEndPoint?> _changes = Channel.CreateUnbounded<IPEndPoint?>();
    private readonly ScriptedProtocol _pcp = new("PCP");
    private readonly ScriptedProtocol _upnp = new("UPnP");
    private readonly PortMapper _mapper;
    private Gateway? _gateway = new(IPAddress.Parse("192.168.1.1"), IPAddress.Parse("192.168.1.2"));

    public PortMapperTests()
        => _mapper = new PortMapper(() => _gateway, _ => [_pcp, _upnp], 4001, _time, () => _changes.Writer.TryWrite(_mapper!.Current), NullLogger.Instance);

    public ValueTask DisposeAsync() => _mapper.DisposeAsync();

    [Fact]
    public async Task A_mapping_is_renewed_after_half_of_its_lifetime_by_what_gave_it()
    {
        _mapper.Start();
        (await _pcp.NextAsync()).SetException(new PortMappingException("no"));
        (await _upnp.NextAsync()).SetResult(Mapped(First));
        Assert.Equal(First, await ChangeAsync());
        TaskCompletionSource<MappedPort> renewal = await AdvanceUntilAsked(_upnp, HalfLifetime);
        Assert.Equal(First, _upnp.LastRequest!.Suggested);
        renewal.SetResult(Mapped(Second));
        Assert.Equal(Second, await ChangeAsync());
    }

    [Fact]
    public async Task A_renewal_that_fails_costs_the_mapping_only_when_its_lifetime_is_over()
    {
        _mapper.Start();
        (await _pcp.NextAsync()).SetResult(Mapped(First));
        Assert.Equal(First, await ChangeAsync());
        (await AdvanceUntilAsked(_pcp, HalfLifetime)).SetException(new PortMappingException("lost"));
        (await _upnp.NextAsync()).SetException(new PortMappingException("no"));
        Assert.Equal(First, _mapper.Current);
        while (_time.GetUtcNow() - _time.Start < 2 * HalfLifetime)
        {
            Assert.False(_changes.Reader.TryRead(out _));
            (await AdvanceUntilAsked(_pcp, TimeSpan.FromMinutes(10))).SetException(new PortMappingException("lost"));
            (await _upnp.NextAsync()).SetException(new PortMappingException("no"));
        }

        Assert.Null(await ChangeAsync());
    }

    [Fact]
    public async Task Another_router_is_asked_at_once_and_the_mapping_of_the_first_is_over()
    {
        _mapper.Start();
        (await _pcp.NextAsync()).SetResult(Mapped(First));
        Assert.Equal(First, await ChangeAsync());
        _gateway = new Gateway(IPAddress.Parse("192.168.9.1"), IPAddress.Parse("192.168.9.2"));
        _mapper.AskAgain();
        (await _pcp.NextAsync()).SetException(new PortMappingException("no"));
        (await _upnp.NextAsync()).SetException(new PortMappingException("no"));
        Assert.Null(await ChangeAsync());
    }

    [Fact]
    public async Task A_network_without_a_router_has_no_mapping()
    {
        _mapper.Start();
        (await _pcp.NextAsync()).SetResult(Mapped(First));
        Assert.Equal(First, await ChangeAsync());
        _gateway = null;
        _mapper.AskAgain();
        Assert.Null(await ChangeAsync());
    }

    [Fact]
    public async Task The_mapping_is_given_back_at_the_end()
    {
        _mapper.Start();
        (await _pcp.NextAsync()).SetResult(Mapped(First));
        Assert.Equal(First, await ChangeAsync());
        await _mapper.DisposeAsync().AsTask().Soon();
        Assert.Equal((First, null), (_pcp.Unmapped, _upnp.Unmapped));
    }

    [Fact]
    public async Task The_end_does_not_wait_for_a_router_that_is_being_asked()
    {
        _mapper.Start();
        await _pcp.NextAsync();
        await _mapper.DisposeAsync().AsTask().Soon();
        Assert.Null(_pcp.Unmapped);
    }

    private static MappedPort Mapped(IPEndPoint external) => new(external, 2 * HalfLifetime);

    private Task<IPEndPoint?> ChangeAsync() => _changes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    // The mapper may not have set its timer yet when the clock goes on.
    private async Task<TaskCompletionSource<MappedPort>> AdvanceUntilAsked(ScriptedProtocol protocol, TimeSpan limit)
    {
        Task<TaskCompletionSource<MappedPort>> asked = protocol.NextAsync();
        for (TimeSpan passed = TimeSpan.Zero; !asked.IsCompleted && passed < limit; passed += TimeSpan.FromSeconds(5))
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(asked, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        return await asked;
    }

    private sealed class ScriptedProtocol(string name) : IPortMappingProtocol
    {
        private readonly Channel<TaskCompletionSource<MappedPort>> _asked = Channel.CreateUnbounded<TaskCompletionSource<MappedPort>>();

        public string Name => name;

        public PortMappingRequest? LastRequest { get; private set; }

        public IPEndPoint? Unmapped { get; private set; }

        public Task<TaskCompletionSource<MappedPort>> NextAsync() => _asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

        public Task<MappedPort> MapAsync(PortMappingRequest request, CancellationToken cancellationToken)
        {
            LastRequest = request;
            var answer = new TaskCompletionSource<MappedPort>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Writer.TryWrite(answer);
            return answer.Task.WaitAsync(cancellationToken);
        }

        public Task UnmapAsync(MappedPort mapping, int internalPort, CancellationToken cancellationToken)
        {
            Unmapped = mapping.External;
            return Task.CompletedTask;
        }

        public void Dispose()
        {
        }
    }
}
