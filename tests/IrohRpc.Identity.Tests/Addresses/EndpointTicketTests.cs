using System.Net;
using System.Text.Json;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

public sealed class EndpointTicketTests
{
    private const string IdHex = "ae58ff8833241ac82d6ff7611046ed67b5072d142c588d0063e942d9a75502b6";

    private static readonly EndpointId Id = EndpointId.Parse(IdHex);

    [Fact]
    public void Tickets_of_iroh_read_and_write_byte_for_byte()
    {
        Assert.NotEmpty(TestVectors.IrohTickets);
        foreach (JsonElement vector in TestVectors.IrohTickets)
        {
            string text = vector.GetProperty("ticket").GetString()!;
            EndpointTicket ticket = EndpointTicket.Parse(text);

            Assert.Equal(vector.GetProperty("endpoint_id").GetString(), ticket.Address.Id.ToString());
            Assert.Equal(
                vector.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()),
                ticket.Address.Addresses.Select(a => a.ToString()));
            Assert.Equal(text, ticket.ToString());
            Assert.Equal(text, new EndpointTicket(ticket.Address).ToString());
            Assert.Equal(
                vector.GetProperty("bytes").GetString(),
                Convert.ToHexStringLower(TicketEncoding.Encode(ticket.Address)));
        }
    }

    [Fact]
    public void Ticket_with_every_kind_has_the_bytes_that_the_format_says()
    {
        var ticket = new EndpointTicket(new EndpointAddress(
            Id,
            TransportAddress.Custom(0x716d7578, [1, 2]),
            TransportAddress.Ip(IPEndPoint.Parse("[2001:db8::1]:65535")),
            TransportAddress.Ip(IPEndPoint.Parse("1.2.3.4:5")),
            TransportAddress.Relay("x")));

        string expected = "00" + IdHex + "04" + "000178" + "010001020304" + "05"
            + "0101" + "20010db8000000000000000000000001" + "ffff03" + "02" + "f8eab58b07" + "00" + "02" + "0102" + new string('0', 56);
        Assert.Equal(Ticket(expected), ticket.ToString());
        Assert.Equal(ticket, EndpointTicket.Parse(ticket.ToString()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(200)]
    public void Custom_address_of_any_length_comes_back(int length)
    {
        var address = new EndpointAddress(Id, TransportAddress.Custom(5, new byte[length]));
        Assert.Equal(address, EndpointTicket.Parse(new EndpointTicket(address).ToString()).Address);
    }

    [Fact]
    public void Short_custom_address_in_the_form_of_a_long_one_is_read()
        => Assert.Equal(
            new EndpointAddress(Id, TransportAddress.Custom(5, [1, 2, 3])),
            EndpointTicket.Parse(Ticket("00" + IdHex + "01" + "0205" + "01" + "03010203")).Address);

    [Fact]
    public void Ticket_without_addresses_is_a_ticket()
        => Assert.Equal(new EndpointAddress(Id), EndpointTicket.Parse(Ticket("00" + IdHex + "00")).Address);

    [Fact]
    public void Unknown_kinds_are_counted_and_written_back()
    {
        string text = Ticket("00" + IdHex + "03" + "010001020304" + "05" + "03aabb" + "04");

        EndpointTicket ticket = EndpointTicket.Parse(text);

        Assert.Equal(2, ticket.Address.Addresses.Count);
        TransportAddress unknown = ticket.Address.Addresses[1];
        Assert.Equal(TransportAddressKind.Unknown, unknown.Kind);
        Assert.Equal(2UL, unknown.Number);
        Assert.Equal([3, 0xaa, 0xbb, 4], unknown.Data.ToArray());
        Assert.Equal(text, ticket.ToString());
    }

    [Fact]
    public void Unknown_kinds_stay_behind_what_is_added()
    {
        EndpointTicket ticket = EndpointTicket.Parse(Ticket("00" + IdHex + "01" + "03aabb"));

        EndpointTicket more = new(ticket.Address.With(TransportAddress.Relay("x")));

        Assert.Equal(Ticket("00" + IdHex + "02" + "000178" + "03aabb"), more.ToString());
    }

    [Fact]
    public void Addresses_out_of_order_or_repeated_are_put_in_order()
    {
        EndpointTicket ticket = EndpointTicket.Parse(
            Ticket("00" + IdHex + "03" + "010001020304" + "05" + "000178" + "010001020304" + "05"));

        Assert.Equal(Ticket("00" + IdHex + "02" + "000178" + "010001020304" + "05"), ticket.ToString());
    }

    [Fact]
    public void Base32_is_read_in_either_case()
    {
        string text = Ticket("00" + IdHex + "00");

        Assert.Equal(
            EndpointTicket.Parse(text),
            EndpointTicket.Parse(EndpointTicket.Prefix + text[EndpointTicket.Prefix.Length..].ToUpperInvariant()));
    }

    [Theory]
    [InlineData("\n{0}\r\n")]
    [InlineData("  {0}\t")]
    [InlineData("\u00a0{0}\ufeff")]
    public void White_space_around_a_ticket_is_skipped(string pasted)
    {
        string text = Ticket("00" + IdHex + "00");
        Assert.Equal(EndpointTicket.Parse(text), EndpointTicket.Parse(pasted.Replace("{0}", text, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_ticket_that_was_wrapped_over_lines_is_read()
    {
        string text = Ticket("00" + IdHex + "00");
        string wrapped = string.Join("\r\n  ", text.Chunk(20).Select(line => new string(line)));
        Assert.Equal(EndpointTicket.Parse(text), EndpointTicket.Parse(wrapped));
    }

    [Theory]
    [InlineData("", "starts with 'endpoint'")]
    [InlineData("nodeacxfr74igmsbvsbnn73wcecg5vt3kbzncqwfrdiampuufwnhkublmaqacb", "starts with 'endpoint'")]
    [InlineData("ENDPOINTAC", "does not: that word is in lower case")]
    [InlineData("\"endpointac\"", "does not: take away the quotation marks")]
    [InlineData(IdHex, "does not. It has the form of an endpoint id")]
    [InlineData("endpoint", "it ends within the ticket's variant")]
    [InlineData("endpointac1", "character 3 is not one of a-z and 2-7")]
    [InlineData("endpointaaa", "no whole number of bytes has 3 characters")]
    [InlineData("endpointab", "bits that belong to no byte")]
    public void Text_that_is_no_ticket_is_refused_with_the_reason(string text, string reason) => AssertRefused(text, reason);

    [Theory]
    [InlineData("01" + IdHex + "00", "its variant is 1, and only variant 0 is known")]
    [InlineData("8000" + IdHex + "00", "the ticket's variant at byte 0 is a varint longer than its value needs")]
    [InlineData("00" + "ae58", "the endpoint id at byte 1 should have 32 bytes and 2 are left")]
    [InlineData("00" + IdHex, "it ends within the number of addresses, which starts at byte 33")]
    [InlineData("00" + IdHex + "80", "it ends within the number of addresses")]
    [InlineData("00" + IdHex + "8000", "the number of addresses at byte 33 is a varint longer")]
    [InlineData("00" + IdHex + "ffffffffffffffffff02", "the number of addresses at byte 33 is a varint longer than its value needs or than 64 bits")]
    [InlineData("00" + IdHex + "ffffffffffffffffff01", "18446744073709551615 more addresses should follow byte 43, and 0 bytes are left")]
    [InlineData("00" + IdHex + "01", "1 more addresses should follow byte 34, and 0 bytes are left")]
    [InlineData("00" + IdHex + "0500017801", "5 more addresses should follow byte 34, and 4 bytes are left")]
    [InlineData("00" + IdHex + "00" + "00", "1 bytes follow the last address, which ends at byte 34")]
    [InlineData("00" + IdHex + "01" + "8000", "the kind of an address at byte 34 is a varint longer")]
    [InlineData("00" + IdHex + "01" + "ffffffff1f", "the kind of an address at byte 34 is 8589934591, which is more than 4294967295")]
    [InlineData("00" + IdHex + "01" + "00", "it ends within the length of a relay's URL")]
    [InlineData("00" + IdHex + "01" + "0000", "the relay's URL at byte 35 is empty")]
    [InlineData("00" + IdHex + "01" + "000578", "a relay's URL at byte 36 should have 5 bytes and 1 are left")]
    [InlineData("00" + IdHex + "01" + "00ffffffffffffffffff01", "should have 18446744073709551615 bytes and 0 are left")]
    [InlineData("00" + IdHex + "01" + "0002c328", "the relay's URL at byte 35 is not UTF-8")]
    [InlineData("00" + IdHex + "01" + "0003eda080", "the relay's URL at byte 35 is not UTF-8")]
    [InlineData("00" + IdHex + "01" + "00010a", "the relay's URL at byte 35 has a control character")]
    [InlineData("00" + IdHex + "01" + "0102", "the family of an IP address at byte 35 is 2, which is more than 1")]
    [InlineData("00" + IdHex + "01" + "01007f0000", "an IP address at byte 36 should have 4 bytes and 3 are left")]
    [InlineData("00" + IdHex + "01" + "01017f0000", "an IP address at byte 36 should have 16 bytes and 3 are left")]
    [InlineData("00" + IdHex + "01" + "01007f000001", "it ends within the port of an IP address")]
    [InlineData("00" + IdHex + "01" + "01007f000001808004", "the port of an IP address at byte 40 is 65536, which is more than 65535")]
    [InlineData("00" + IdHex + "01" + "02", "it ends within the number of a custom transport")]
    [InlineData("00" + IdHex + "01" + "0201", "it ends within the form of a custom address")]
    [InlineData("00" + IdHex + "01" + "020101", "it ends within the length of a custom address")]
    [InlineData("00" + IdHex + "01" + "020102aa", "is of form 2")]
    [InlineData("00" + IdHex + "01" + "0201001f" + "000000000000000000000000000000000000000000000000000000000000", "says that it has 31 bytes")]
    [InlineData("00" + IdHex + "01" + "0201000100", "should have 31 bytes")]
    [InlineData("00" + IdHex + "01" + "02010103aabb", "a custom address at byte 38 should have 3 bytes and 2 are left")]
    public void Malformed_ticket_is_refused_with_what_is_wrong_and_where(string hex, string reason)
        => AssertRefused(Ticket(hex), reason);

    [Fact]
    public void Null_text_is_no_ticket()
    {
        Assert.Throws<ArgumentNullException>(() => EndpointTicket.Parse(null!));
        Assert.False(EndpointTicket.TryParse((string?)null, out _));
        Assert.Throws<ArgumentNullException>(() => new EndpointTicket(null!));
    }

    [Fact]
    public void Size_is_bounded_both_ways_at_the_same_place()
    {
        // Variant, id, count, kind, transport, form, and two bytes of length stand before the data.
        const int overhead = 1 + EndpointId.Size + 1 + 1 + 1 + 1 + 2;
        var largest = new EndpointAddress(Id, TransportAddress.Custom(1, new byte[EndpointTicket.MaxSize - overhead]));
        var larger = new EndpointAddress(Id, TransportAddress.Custom(1, new byte[EndpointTicket.MaxSize - overhead + 1]));

        Assert.Equal(largest, EndpointTicket.Parse(new EndpointTicket(largest).ToString()).Address);
        Assert.Throws<ArgumentException>(() => new EndpointTicket(larger));
        AssertRefused(
            Base32.Encode(TicketEncoding.Encode(larger), EndpointTicket.Prefix),
            $"at most {EndpointTicket.MaxSize} bytes; this one has {EndpointTicket.MaxSize + 1}");
    }

    [Fact]
    public void Equal_tickets_carry_equal_addresses()
    {
        var one = new EndpointTicket(new EndpointAddress(Id, TransportAddress.Relay("x")));
        var same = new EndpointTicket(new EndpointAddress(Id, TransportAddress.Relay("x")));
        var other = new EndpointTicket(new EndpointAddress(Id));

        Assert.True(one == same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.True(one != other);
        Assert.False(one.Equals((object?)null));
    }

    /// <remarks>A ticket has no checksum. Counted by another implementation of the curve: of 1,550 tickets with one character of the id changed, 770 name what is no key.</remarks>
    [Fact]
    public void A_changed_character_is_found_where_no_key_is_left()
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        string text = new EndpointTicket(new EndpointAddress(Id)).ToString();
        int refused = 0;
        for (int place = EndpointTicket.Prefix.Length + 2; place < EndpointTicket.Prefix.Length + 52; place++)
        {
            foreach (char other in alphabet.Replace(text[place].ToString(), "", StringComparison.Ordinal))
            {
                string changed = text[..place] + other + text[(place + 1)..];
                if (!EndpointTicket.TryParse(changed, out EndpointTicket? ticket))
                {
                    AssertRefused(changed, "has a character of the ticket been changed?");
                    refused++;
                    continue;
                }

                Assert.Contains("one character", WrongPeerText.Describe("here", Id, ticket.Address.Id), StringComparison.Ordinal);
            }
        }

        Assert.Equal(770, refused);
        Assert.Contains("out of date", WrongPeerText.Describe("here", Id, new EndpointId(new byte[EndpointId.Size])), StringComparison.Ordinal);
    }

    private static string Ticket(string hex) => Base32.Encode(Convert.FromHexString(hex), EndpointTicket.Prefix);

    private static void AssertRefused(string text, string reason)
    {
        var refused = Assert.Throws<FormatException>(() => EndpointTicket.Parse(text));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.False(EndpointTicket.TryParse(text, out EndpointTicket? ticket));
        Assert.Null(ticket);
    }
}
