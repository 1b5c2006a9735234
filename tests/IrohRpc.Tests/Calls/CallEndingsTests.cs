using IrohRpc.Calls;

namespace IrohRpc.Tests;

public sealed class CallEndingsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Endings_run_one_after_the_other_from_the_last_also_where_one_throws(bool atOnce)
    {
        List<string> happened = [];
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task ran = CallEndings.RunAsync(
            [
                () => Note("scope"),
                () => atOnce ? throw new InvalidOperationException("as asked") : ValueTask.FromException(new InvalidOperationException("as asked")),
                async () =>
                {
                    await gate.Task;
                    happened.Add("stream");
                },
            ],
            failure => happened.Add(failure.Message));
        Assert.Empty(happened);
        gate.SetResult();
        await ran.Soon();
        Assert.Equal(["stream", "as asked", "scope"], happened);

        ValueTask Note(string what)
        {
            happened.Add(what);
            return ValueTask.CompletedTask;
        }
    }
}
