using IrohRpc.Blobs.Tests.Support;

namespace IrohRpc.Blobs.Tests.Protocol;

public sealed class BlobTicketTests
{
    [Fact]
    public void A_ticket_is_byte_for_byte_that_of_real_iroh()
    {
        var vector = TestData.Iroh035.GetProperty("ticketBlob");
        string text = vector.GetProperty("text").GetString()!;
        var ticket = BlobTicket.Parse(text);
        Assert.Equal(vector.GetProperty("nodeId").GetString(), ticket.Provider.Id.ToString());
        Assert.Equal(vector.GetProperty("hash").GetString(), ticket.Hash.ToString());
        Assert.Equal($"ip:{vector.GetProperty("addr").GetString()}", ticket.Provider.Addresses[0].ToString());
        Assert.Equal(BlobFormat.Raw, ticket.Format);
        Assert.Equal(text, new BlobTicket(ticket.Provider, ticket.Hash).ToString());
    }

    [Fact]
    public void Tickets_survive_with_relay_addresses_and_format()
    {
        var id = SecretKey.Generate().Id;
        var address = new EndpointAddress(
            id,
            TransportAddress.Relay("https://relay.example./"),
            TransportAddress.Relay("https://second.example./"),
            TransportAddress.Ip(new(System.Net.IPAddress.IPv6Loopback, 5)),
            TransportAddress.Ip(new(System.Net.IPAddress.Loopback, 4)),
            TransportAddress.Custom(7, [1]));
        var ticket = new BlobTicket(address, BlobHash.Of([1]), BlobFormat.HashSequence);
        var read = BlobTicket.Parse(ticket.ToString());
        Assert.Equal(ticket, read);
        Assert.Equal((id, ticket.Hash, BlobFormat.HashSequence), (read.Provider.Id, read.Hash, read.Format));
        Assert.Equal(
            ["relay:https://relay.example./", "ip:127.0.0.1:4", "ip:[::1]:5"],
            read.Provider.Addresses.Where(static address => address.Kind != TransportAddressKind.Custom).Select(static address => address.ToString()));
    }

    [Fact]
    public void A_peer_that_listens_on_TLS_only_is_found_by_its_ticket()
    {
        TransportAddress tls = Transports.TlsAddress.Create(new(System.Net.IPAddress.Loopback, 4));
        var ticket = new BlobTicket(new EndpointAddress(SecretKey.Generate().Id, tls), BlobHash.Empty);
        Assert.Contains(tls, BlobTicket.Parse(ticket.ToString()).Provider.Addresses);
    }

    [Fact]
    public void Whatever_is_no_ticket_is_refused_without_being_repeated()
    {
        string text = TestData.Iroh035.GetProperty("ticketBlob").GetProperty("text").GetString()!;
        foreach (string bad in (string[])["", "blob", "endpoint" + text, text[..^1], text + "a", text[..40], "blob!" + text[5..], text.Replace('a', '1')])
        {
            Assert.False(BlobTicket.TryParse(bad, out _));
            var failure = Assert.Throws<FormatException>(() => BlobTicket.Parse(bad));
            Assert.True(bad.Length < 10 || !failure.Message.Contains(bad, StringComparison.Ordinal));
        }
    }
}
