namespace IrohRpc.Generators.Model;

/// <summary>What a method's result is wrapped in.</summary>
internal enum ReturnShape
{
    /// <summary>Nothing is returned and nothing answered: <c>void</c>.</summary>
    OneWay,

    /// <summary><c>Task</c> or <c>Task&lt;T&gt;</c>.</summary>
    Task,

    /// <summary><c>ValueTask</c> or <c>ValueTask&lt;T&gt;</c>.</summary>
    ValueTask,

    /// <summary>A bare <c>IAsyncEnumerable&lt;T&gt;</c>.</summary>
    Bare,
}
