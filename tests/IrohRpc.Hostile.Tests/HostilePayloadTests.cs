namespace IrohRpc.Hostile.Tests;

/// <summary>What a stranger sends, and what cannot be sent, costs a call and nothing else.</summary>
public class HostilePayloadTests
{
    /// <summary>Together a million; each is read, or refused by an exception, and allocates no more than its length allows.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Half_a_million_mutated_payloads_of_every_type_are_read_or_refused_within_their_memory(string seed)
        => Assert.Contains("500000 payloads", await HostileProcess.RunAsync("fuzz", "500000", seed), StringComparison.Ordinal);

    [Fact]
    public async Task Malformed_payloads_are_refused_by_name_in_every_place_and_both_directions()
        => Assert.Contains("7 places, 0 of them", await HostileProcess.RunAsync("places", "1"), StringComparison.Ordinal);

    [Fact]
    public async Task What_has_no_end_contains_itself_or_throws_fails_its_call_in_every_place()
        => Assert.Contains("0 wrong", await HostileProcess.RunAsync("write"), StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public async Task Collections_take_no_more_memory_than_is_counted_for_them(int processors)
        => Assert.DoesNotContain("too little", await HostileProcess.RunOnAsync(processors, "costs"), StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public async Task No_payload_allocates_more_than_its_length_allows(int processors)
        => Assert.DoesNotContain("too much", await HostileProcess.RunOnAsync(processors, "expansion"), StringComparison.Ordinal);

    /// <summary>Without seeds of our own, one of them takes minutes to days.</summary>
    [Fact]
    public async Task Keys_with_one_hash_and_keys_in_the_worst_order_do_not_hold_a_core()
        => Assert.Contains("SortedListLongIntAsync", await HostileProcess.RunAsync("flood"), StringComparison.Ordinal);

    [Fact]
    public async Task Bytes_between_the_fields_of_structs_are_none_that_nobody_wrote()
        => Assert.Contains("item of the caller: 0 of 1", await HostileProcess.RunAsync("padding"), StringComparison.Ordinal);

    [Theory]
    [InlineData("memory")]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Random_values_of_every_type_come_back_as_they_went(string transport)
    {
        Assert.SkipWhen(transport == "msquic" && !System.Net.Quic.QuicConnection.IsSupported, "libmsquic is not installed.");
        Assert.Contains("0 came back as others", await HostileProcess.RunAsync("roundtrip", transport, "1"), StringComparison.Ordinal);
    }
}
