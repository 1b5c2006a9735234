using System.ComponentModel;
using System.Net;
using System.Text.Json;

namespace IrohRpc.Identity.Tests;

/// <summary>Ids, tickets and addresses as the text that JSON, the configuration binder and command lines hold.</summary>
public sealed class TextFormTests
{
    private static readonly EndpointId Id = SecretKey.FromBytes(new byte[32]).Id;
    private static readonly EndpointAddress Address = new(Id, TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:4433")));
    private static readonly EndpointTicket Ticket = new(Address);

    [Fact]
    public void All_three_go_through_json()
    {
        var bag = new Bag(Id, Ticket, Address, null, new Dictionary<EndpointId, int> { [Id] = 7 });
        string json = JsonSerializer.Serialize(bag);
        Assert.Equal(
            $$$"""{"Id":"{{{Id}}}","Ticket":"{{{Ticket}}}","Address":"{{{Ticket}}}","None":null,"Counts":{"{{{Id}}}":7}}""", json);
        Bag read = JsonSerializer.Deserialize<Bag>(json)!;
        Assert.Equal((bag.Id, bag.Ticket, bag.Address, bag.None), (read.Id, read.Ticket, read.Address, read.None));
        Assert.Equal(7, read.Counts[Id]);
    }

    [Theory]
    [InlineData("""{"Id":12}""", "$.Id"), InlineData("""{"Id":"x"}""", "64 hexadecimal digits"), InlineData("""{"Ticket":"x"}""", "starts with 'endpoint'")]
    public void What_json_has_instead_is_refused_with_the_reason(string json, string reason)
    {
        JsonException refused = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Bag>(json));
        Assert.Contains(reason, refused.Message + refused.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void All_three_have_a_type_converter()
    {
        Assert.Equal(Id, TypeDescriptor.GetConverter(typeof(EndpointId)).ConvertFromInvariantString(Id.ToString()));
        Assert.Equal(Ticket, TypeDescriptor.GetConverter(typeof(EndpointTicket)).ConvertFromInvariantString($" {Ticket}\n"));
        Assert.Equal(Address, TypeDescriptor.GetConverter(typeof(EndpointAddress)).ConvertFromInvariantString(Ticket.ToString()));
        Assert.Equal(Ticket.ToString(), TypeDescriptor.GetConverter(typeof(EndpointAddress)).ConvertToInvariantString(Address));
        Assert.Throws<NotSupportedException>(() => TypeDescriptor.GetConverter(typeof(EndpointId)).ConvertFrom(12));
    }

    [Fact]
    public void An_address_is_read_from_a_ticket_and_from_an_id()
    {
        Assert.Equal(Address, EndpointAddress.Parse(Ticket.ToString()));
        Assert.Equal(new EndpointAddress(Id, []), EndpointAddress.Parse($" {Id}\n"));
        Assert.True(EndpointAddress.TryParse(Id.ToString(), out EndpointAddress? read));
        Assert.Equal(Id, read.Id);
        Assert.False(EndpointAddress.TryParse("neither", out _));
        Assert.False(EndpointAddress.TryParse(null, out _));
        Assert.Throws<FormatException>(() => EndpointAddress.Parse("neither"));
    }

    [Fact]
    public void White_space_around_an_id_is_skipped() => Assert.Equal(Id, EndpointId.Parse($"\t{Id}\r\n"));

    private sealed record Bag(EndpointId Id, EndpointTicket? Ticket, EndpointAddress? Address, EndpointTicket? None, Dictionary<EndpointId, int> Counts);
}
