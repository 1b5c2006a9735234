using System.Net;
using IrohRpc.Reach.Lookup;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class EndpointDataTests
{
    private static readonly TransportAddress Relay = TransportAddress.Relay("https://relay.example/");
    private static readonly TransportAddress V4 = TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:7000"));
    private static readonly TransportAddress V6 = TransportAddress.Ip(IPEndPoint.Parse("[2001:db8::1]:7000"));

    [Fact]
    public void Attributes_are_written_as_iroh_writes_them()
        => Assert.Equal(
            ["relay=https://relay.example/", "addr=192.0.2.1:7000", "addr=[2001:db8::1]:7000", "user-data=hello=there"],
            new EndpointData([V4, Relay, V6], "hello=there").ToAttributes());

    [Fact]
    public void Attributes_are_read_as_they_were_written()
    {
        EndpointData read = EndpointData.FromAttributes(new EndpointData([V4, Relay, V6], "hello=there").ToAttributes())!;
        Assert.Equal([Relay, V4, V6], read.Addresses);
        Assert.Equal("hello=there", read.UserData);
    }

    [Fact]
    public void Several_addresses_in_one_attribute_are_read_as_older_versions_write_them()
        => Assert.Equal([V4, V6], EndpointData.FromAttributes(["addr=192.0.2.1:7000 [2001:db8::1]:7000"])!.Addresses);

    [Theory]
    [InlineData("addr")]
    [InlineData("addr=")]
    [InlineData("addr=localhost:80")]
    [InlineData("addr=192.0.2.1")]
    [InlineData("addr=192.0.2.1:0")]
    [InlineData("relay=")]
    [InlineData("relay=not a url")]
    [InlineData("unknown=1")]
    public void What_cannot_be_read_is_skipped(string attribute)
    {
        Assert.Null(EndpointData.FromAttributes([attribute]));
        Assert.Equal([V4], EndpointData.FromAttributes([attribute, "addr=192.0.2.1:7000"])!.Addresses);
    }

    [Fact]
    public void A_record_of_very_many_addresses_gives_a_bounded_number()
        => Assert.InRange(
            EndpointData.FromAttributes(Enumerable.Range(1, 5000).Select(static port => $"addr=192.0.2.1:{port}"))!.Addresses.Count, 1, 64);

    [Fact]
    public void An_endpoint_with_a_relay_can_keep_its_addresses_to_itself()
    {
        Assert.Equal([Relay], new EndpointData([V4, Relay, V6]).RelayOnly().Addresses);
        Assert.Equal([V4], new EndpointData([V4]).RelayOnly().Addresses);
    }

    [Fact]
    public void Too_much_user_data_is_refused()
        => Assert.Throws<ArgumentException>(static () => new EndpointData([], new string('é', 123)));
}
