// What the lesson's first code cell loads: PyTorch's names for the cells. They are functions, not a class that is opened, so that
// the cell can be run again: a function hides an earlier one of its name, while a class stays open beside its successor.
#nullable enable annotations
#load "Torch/Libtorch.cs"
#load "Torch/MatrixProduct.cs"
#load "Torch/Tensors.cs"
#load "Autograd/NodeLayout.cs"
#load "Autograd/GradFn.cs"
#load "Printing/PythonNumber.cs"
#load "Printing/ElementText.cs"
#load "Printing/TensorText.cs"
#load "Printing/Python.cs"
#load "Printing/TensorFormatters.cs"

using System;
using System.Runtime.CompilerServices;
using ScalarType = TorchSharp.torch.ScalarType;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Numbers of 32 bits with a fraction: PyTorch's usual type.</summary>
static ScalarType float32 => ScalarType.Float32;

/// <summary>Numbers of 64 bits with a fraction.</summary>
static ScalarType float64 => ScalarType.Float64;

/// <summary>Whole numbers of 64 bits.</summary>
static ScalarType int64 => ScalarType.Int64;

/// <summary>A tensor of whole numbers, shape [count]; int64 unless a type is given.</summary>
static Tensor tensor(long[] values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>A tensor of whole numbers, shape [rows, columns]; int64 unless a type is given.</summary>
static Tensor tensor(long[][] rows, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(rows, dtype, requires_grad);

/// <summary>A tensor of numbers, shape [count]; float32 unless a type is given.</summary>
static Tensor tensor(double[] values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>A tensor of numbers, shape [rows, columns]; float32 unless a type is given.</summary>
static Tensor tensor(double[][] rows, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(rows, dtype, requires_grad);

/// <summary>A tensor of truth values, shape [count].</summary>
static Tensor tensor(bool[] values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>A tensor without dimensions that holds a whole number; int64 unless a type is given.</summary>
static Tensor tensor(long value, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(value, dtype, requires_grad);

/// <summary>A tensor without dimensions that holds a number; float32 unless a type is given.</summary>
static Tensor tensor(double value, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(value, dtype, requires_grad);

/// <summary>A tensor without dimensions that holds a truth value.</summary>
static Tensor tensor(bool value, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(value, dtype, requires_grad);

/// <summary>A tensor with the shape and the numbers of an array, of the array's type unless another is given.</summary>
static Tensor tensor(Array values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>The matrix product; a vector counts as one row on the left and as one column on the right. Shapes or types that do not fit are an exception.</summary>
static Tensor matmul(Tensor left, Tensor right) => Tensors.matmul(left, right);

/// <summary>max(0, x), for every number.</summary>
static Tensor relu(Tensor x) => Tensors.relu(x);

/// <summary>1 / (1 + e⁻ˣ), for every number.</summary>
static Tensor sigmoid(Tensor x) => Tensors.sigmoid(x);

/// <summary>The mean of all numbers, a tensor without dimensions.</summary>
static Tensor mean(Tensor x) => Tensors.mean(x);

/// <summary>Switches recording for autograd off until the result is disposed.</summary>
static IDisposable no_grad() => Tensors.no_grad();

/// <summary>Prints values as Python does, with a space between them; without values, an empty line.</summary>
static void print(params object?[] values) => Python.print(values: values);

/// <summary>Prints one value as Python does; an array is one, too, and shows as a list.</summary>
[OverloadResolutionPriority(1)]
static void print(object? value) => Python.print(value);

/// <summary>Prints an interpolated string as Python prints an f-string.</summary>
[OverloadResolutionPriority(2)]
static void print(FormattableString? text) => Python.print(text);

/// <summary>A value as Python's str gives it.</summary>
static string str(object? value) => Python.str(value);

/// <summary>An interpolated string as Python's f-string.</summary>
[OverloadResolutionPriority(1)]
static string str(FormattableString? text) => Python.str(text);

/// <summary>A value as Python's repr gives it.</summary>
static string repr(object? value) => Python.repr(value);

Libtorch.Load();
TensorFormatters.Register();
