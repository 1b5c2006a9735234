using System.Net;
using System.Net.Sockets;
using CsCheck;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Lookup.Mdns;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class MdnsTests
{
    private static readonly EndpointData Data = new(
        [
            TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:7000")),
            TransportAddress.Ip(IPEndPoint.Parse("192.0.2.2:7001")),
            TransportAddress.Ip(IPEndPoint.Parse("[2001:db8::1]:7000")),
            TransportAddress.Relay("https://relay.example/"),
        ],
        "hello");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void An_answer_is_read_as_it_was_written()
    {
        using SecretKey key = SecretKey.Generate();
        byte[] message = MdnsMessage.Answer(key.Id, Data);
        Assert.False(MdnsMessage.IsQuery(message));
        (EndpointId id, EndpointData read) = Assert.Single(MdnsMessage.ReadAnswers(message));
        Assert.Equal(key.Id, id);
        Assert.Equal(Data.Addresses.Order(), read.Addresses.Order());
        Assert.Equal("hello", read.UserData);
    }

    [Fact]
    public void A_query_is_known_as_one()
    {
        Assert.True(MdnsMessage.IsQuery(MdnsMessage.Query()));
        Assert.Empty(MdnsMessage.ReadAnswers(MdnsMessage.Query()));
    }

    [Fact]
    public void Answers_that_were_changed_anyhow_end_without_harm()
    {
        using SecretKey key = SecretKey.Generate();
        byte[] sample = MdnsMessage.Answer(key.Id, Data);
        Gen.Select(Gen.Int[0, sample.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                byte[] message = [.. sample];
                foreach ((int index, byte value) in changes)
                {
                    message[index] = value;
                }

                MdnsMessage.IsQuery(message);
                MdnsMessage.ReadAnswers(message);
            },
            iter: 50_000);
    }

    [Fact]
    public async Task Endpoints_of_one_network_find_each_other()
    {
        MdnsAddressLookupOptions options = OnLoopback();
        using SecretKey alice = SecretKey.Generate();
        using SecretKey bob = SecretKey.Generate();
        await using var first = new MdnsAddressLookup(alice.Id, options);
        await using var second = new MdnsAddressLookup(bob.Id, options);
        second.Publish(Data);
        await foreach (EndpointData found in first.ResolveAsync(bob.Id, Cancel))
        {
            Assert.Equal(Data.Addresses.Order(), found.Addresses.Order());
            return;
        }

        Assert.Fail("nobody answered");
    }

    [Fact]
    public async Task Who_is_not_there_is_not_found_within_the_patience()
    {
        using SecretKey alice = SecretKey.Generate();
        using SecretKey nobody = SecretKey.Generate();
        await using var lookup = new MdnsAddressLookup(alice.Id, OnLoopback(TimeSpan.FromMilliseconds(50)));
        Assert.Empty(await lookup.ResolveAsync(nobody.Id, Cancel).ToListAsync(Cancel).AsTask().Soon());
    }

    private static MdnsAddressLookupOptions OnLoopback(TimeSpan? patience = null)
    {
        // A port of this test's own, so that nothing else on the machine takes part.
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new MdnsAddressLookupOptions
        {
            Interfaces = [IPAddress.Loopback],
            Port = ((IPEndPoint)probe.LocalEndPoint!).Port,
            Patience = patience ?? TimeSpan.FromSeconds(20),
            QueryInterval = TimeSpan.FromMilliseconds(50),
            AnswerInterval = TimeSpan.FromMilliseconds(10),
        };
    }
}
