using CsCheck;

namespace IrohRpc.Fuzzing.Tests;

/// <summary>A bounded pass over every target; the long one is <c>eng/fuzz.sh</c>.</summary>
public sealed class FuzzingTests
{
    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(static target => target.Name)];

    /// <summary>What is found is a short script of changes to a right input, and CsCheck makes it shorter still.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Mutated_inputs_are_read_or_refused_within_their_time_and_memory(string name)
    {
        FuzzTarget target = FuzzTargets.Find(name);
        IReadOnlyList<byte[]> corpus = Corpus.Load(target);
        foreach (byte[] input in corpus)
        {
            Assert.Null(FuzzRun.Once(target, input));
        }

        Gen.Select(Gen.Int[0, corpus.Count - 1], Gen.Int[0, corpus.Count - 1], Gen.Int)
            .Select((input, other, seed) => Mutator.Mutate(corpus[input], corpus[other], new Random(seed)))
            .Sample(input => Assert.Null(FuzzRun.Once(target, input)), iter: target.Bounded, threads: 1, seed: "0N0XIzNsQ0O2");
    }

    /// <summary>What has broken a target once.</summary>
    [Theory]
    [InlineData("rpc-lane", "010100d00000000000000002")]
    [InlineData("tls-ticket-content", "01000000000000000000ffffff7f0000000000000000000000000000000000000000000000000000000000000000000080000000004040000000")]
    public void Inputs_that_have_broken_a_target_do_so_no_more(string name, string input)
        => Assert.Null(FuzzRun.Once(FuzzTargets.Find(name), Convert.FromHexString(input)));
}
