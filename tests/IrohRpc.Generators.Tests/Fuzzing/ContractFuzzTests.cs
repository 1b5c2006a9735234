namespace IrohRpc.Generators.Tests.Fuzzing;

/// <summary>A short run of the contract fuzzer; tests/IrohRpc.Generators.Fuzzer makes long ones. A finding names its seed.</summary>
public class ContractFuzzTests(ITestOutputHelper output)
{
    private const int Files = 1000;

    [Fact]
    public async Task No_contract_that_C_sharp_takes_breaks_a_build() => Assert.Null(await ContractFuzzer.BuildAsync(Files, seed: 1, output.WriteLine));

    [Fact]
    public void Edits_of_contracts_leave_what_a_first_run_makes() => Assert.Null(ContractFuzzer.Edit(Files / 50, seed: 1));
}
