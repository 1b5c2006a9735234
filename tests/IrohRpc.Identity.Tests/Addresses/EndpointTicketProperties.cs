using CsCheck;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

public sealed class EndpointTicketProperties
{
    [Fact]
    public void Every_address_survives_its_ticket()
        => AddressGenerators.Addresses.Sample(address =>
        {
            var ticket = new EndpointTicket(address);
            EndpointTicket read = EndpointTicket.Parse(ticket.ToString());

            Assert.Equal(address, read.Address);
            Assert.Equal(ticket, read);
            Assert.Equal(ticket.ToString(), read.ToString());
        });

    [Fact]
    public void Mutated_bytes_read_as_a_ticket_or_are_refused_as_one()
        => Gen.Select(AddressGenerators.Addresses, Mutations.Any).Sample((address, mutation)
            => AssertReadOrRefused(Base32.Encode(mutation.ApplyTo(TicketEncoding.Encode(address)), EndpointTicket.Prefix)), iter: 20_000);

    [Fact]
    public void Arbitrary_bytes_read_as_a_ticket_or_are_refused_as_one()
        => Gen.Byte.Array[0, 80].Sample(bytes
            => AssertReadOrRefused(Base32.Encode([0, .. new byte[EndpointId.Size], .. bytes], EndpointTicket.Prefix)), iter: 20_000);

    [Fact]
    public void Arbitrary_text_reads_as_a_ticket_or_is_refused_as_one()
        => Gen.Select(Gen.Bool, Gen.Char.Array[0, 60]).Sample((prefixed, chars)
            => AssertReadOrRefused((prefixed ? EndpointTicket.Prefix : "") + new string(chars)));

    private static void AssertReadOrRefused(string text)
    {
        try
        {
            EndpointTicket ticket = EndpointTicket.Parse(text);
            Assert.Equal(ticket, EndpointTicket.Parse(ticket.ToString()));
        }
        catch (FormatException)
        {
            Assert.False(EndpointTicket.TryParse(text, out _));
        }
    }
}
