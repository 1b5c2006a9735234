using System.Net;
using System.Runtime.CompilerServices;
using IrohRpc.Reach.Lookup;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class AddressLookupsTests
{
    private static readonly TransportAddress First = TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:1"));
    private static readonly TransportAddress Second = TransportAddress.Ip(IPEndPoint.Parse("192.0.2.2:2"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_come_as_they_are_had_and_a_failure_costs_the_others_nothing()
    {
        using SecretKey key = SecretKey.Generate();
        var known = new StaticAddressLookup();
        known.Add(new EndpointAddress(key.Id, First));
        var late = new GatedLookup(Second);
        var lookups = new AddressLookups([new FailingLookup(), late, known], NullLogger.Instance);
        await using IAsyncEnumerator<EndpointData> answers = lookups.ResolveAsync(key.Id, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await answers.MoveNextAsync().AsTask().Soon());
        Assert.Equal([First], answers.Current.Addresses);
        late.Gate.SetResult();
        Assert.True(await answers.MoveNextAsync().AsTask().Soon());
        Assert.Equal([Second], answers.Current.Addresses);
        Assert.False(await answers.MoveNextAsync().AsTask().Soon());
    }

    [Fact]
    public async Task Who_has_enough_stops_those_who_still_look()
    {
        using SecretKey key = SecretKey.Generate();
        var known = new StaticAddressLookup();
        known.Set(new EndpointAddress(key.Id, First));
        var endless = new GatedLookup(Second);
        var lookups = new AddressLookups([endless, known], NullLogger.Instance);
        Assert.Equal([First], (await lookups.ResolveAsync(key.Id, Cancel).FirstAsync(Cancel).AsTask().Soon()).Addresses);
        Assert.True(endless.WasStopped);
    }

    [Fact]
    public async Task Static_addresses_can_be_added_to_and_forgotten()
    {
        using SecretKey key = SecretKey.Generate();
        var lookup = new StaticAddressLookup();
        lookup.Add(new EndpointAddress(key.Id, First));
        lookup.Add(new EndpointAddress(key.Id, Second, First));
        Assert.Equal([First, Second], Assert.Single(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel)).Addresses);
        Assert.True(lookup.Remove(key.Id));
        Assert.Empty(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public void Publishing_reaches_all_also_where_one_fails()
    {
        var lookup = new GatedLookup(First);
        new AddressLookups([new FailingLookup(), lookup], NullLogger.Instance).Publish(new EndpointData([Second]));
        Assert.Equal([Second], lookup.Published!.Addresses);
    }

    private sealed class FailingLookup : IAddressLookup
    {
        public string Name => "failing";

        public IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, CancellationToken cancellationToken)
            => throw new InvalidOperationException("out of order");

        public void Publish(EndpointData data) => throw new InvalidOperationException("out of order");
    }

    private sealed class GatedLookup(TransportAddress address) : IAddressLookup
    {
        public string Name => "gated";

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool WasStopped { get; private set; }

        public EndpointData? Published { get; private set; }

        public async IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                await Gate.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                WasStopped = true;
                throw;
            }

            yield return new EndpointData([address]);
        }

        public void Publish(EndpointData data) => Published = data;
    }
}
