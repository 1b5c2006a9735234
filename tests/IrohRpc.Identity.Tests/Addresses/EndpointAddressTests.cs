using System.Net;
using CsCheck;

namespace IrohRpc.Tests;

public sealed class EndpointAddressTests
{
    private static readonly EndpointId Id = new(new byte[EndpointId.Size]);
    private static readonly TransportAddress Relay = TransportAddress.Relay("https://a./");
    private static readonly TransportAddress Ip = TransportAddress.Ip(IPEndPoint.Parse("127.0.0.1:1"));

    [Fact]
    public void Addresses_are_sorted_and_distinct_whatever_the_order()
        => Gen.Select(AddressGenerators.Known.Array[0, 8], Gen.Int[0, 100]).Sample((addresses, seed) =>
        {
            var one = new EndpointAddress(Id, addresses);
            TransportAddress[] shuffled = [.. addresses, .. addresses];
            new Random(seed).Shuffle(shuffled);
            var other = new EndpointAddress(Id, shuffled);

            Assert.Equal(addresses.Distinct().Order(), one.Addresses);
            Assert.Equal(one, other);
            Assert.Equal(one.GetHashCode(), other.GetHashCode());
            Assert.True(one == other);
        });

    [Fact]
    public void Adding_makes_another_address_and_leaves_this_one()
    {
        var bare = new EndpointAddress(Id);

        EndpointAddress more = bare.With(Ip, Relay).With(Ip);

        Assert.Empty(bare.Addresses);
        Assert.Equal([Relay, Ip], more.Addresses);
        Assert.NotEqual(bare, more);
        Assert.True(bare != more);
        Assert.Equal(Id, more.Id);
    }

    [Fact]
    public void Addresses_cannot_be_changed_from_outside()
    {
        TransportAddress[] given = [Ip];
        var address = new EndpointAddress(Id, given);

        given[0] = Relay;

        Assert.Equal([Ip], address.Addresses);
        Assert.Throws<NotSupportedException>(() => ((IList<TransportAddress>)address.Addresses)[0] = Relay);
    }

    [Fact]
    public void Another_id_is_another_address()
    {
        using SecretKey key = SecretKey.Generate();

        Assert.NotEqual(new EndpointAddress(Id, Ip), new EndpointAddress(key.Id, Ip));
    }

    [Fact]
    public void Unknown_addresses_of_two_tickets_become_one_run()
    {
        var address = new EndpointAddress(Id, TransportAddress.Unknown(2, [4, 4]), Ip, TransportAddress.Unknown(1, [3]));

        Assert.Equal([Ip, TransportAddress.Unknown(3, [3, 4, 4])], address.Addresses);
    }

    [Fact]
    public void Null_among_the_addresses_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new EndpointAddress(Id, Ip, null!));
        Assert.Throws<ArgumentException>(() => new EndpointAddress(Id).With([null!]));
        Assert.Throws<ArgumentNullException>(() => new EndpointAddress(Id, (IEnumerable<TransportAddress>)null!));
    }

    [Fact]
    public void Prints_the_id_and_every_address()
    {
        Assert.Equal($"{Id} at relay:https://a./, ip:127.0.0.1:1", new EndpointAddress(Id, Ip, Relay).ToString());
        Assert.Equal($"{Id} (no addresses)", new EndpointAddress(Id).ToString());
    }
}
